/** A sample: the series, and its value as Prometheus reads numbers (the exporter writes an empty mean as `Nan`). */
const SAMPLE = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) ([+-]?(?:[\d.]+(?:e[+-]?\d+)?|nan|inf))$/i;

/** One scrape of `/metrics`. */
export class MetricsText {
  readonly #series = new Map<string, number>();

  /** @throws {Error} when a line is neither a comment nor a sample */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) continue;
      const [, series, value] = SAMPLE.exec(line) ?? [];
      if (series === undefined) throw new Error(`not a sample of the Prometheus text format: ${line}`);
      this.#series.set(series, Number(value));
    }
  }

  /** The value of a series with at most one label; 0 for one that has not begun. */
  value(name: string, label?: Readonly<Record<string, string>>): number {
    const labels = Object.entries(label ?? {}).map(([key, value]) => `${key}="${value}"`);
    return this.#series.get(labels.length === 0 ? name : `${name}{${labels.join(',')}}`) ?? 0;
  }

  /** The sum of all series of a name, whatever their labels. */
  sum(name: string): number {
    const series = [...this.#series].filter(([key]) => key === name || key.startsWith(`${name}{`));
    return series.reduce((total, [, value]) => total + value, 0);
  }
}
