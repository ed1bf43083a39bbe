import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLError, type YAMLMap } from 'yaml';
import type { GivenText } from './kind.ts';
import type { Given, Layer } from './layer.ts';
import { nestingDepth } from './nesting.ts';
import type { ConfigProblem, ConfigProblemCode } from './problem.ts';
import type { Setting } from './setting.ts';
import { nearest, printable, quote, short } from './text.ts';

/** Longest file that is read, in characters. Ten times what every setting at its longest needs. */
const MAX_LENGTH = 1 << 18;
/** Deepest nesting that is read. The settings need three. */
const MAX_DEPTH = 20;
/** Most syntax errors that are named: one mistake often makes many. */
const MAX_SYNTAX_ERRORS = 5;

/**
 * Reads the settings of a YAML file. The values stay text; their rules are checked later, like those of flags. An empty value
 * (`mesh:`) is not set. Aliases and tags are refused, so no file is bigger inside than it looks.
 *
 * @param path - the file's name, for messages
 * @param content - all of the file
 */
export function readFileLayer(settings: readonly Setting[], path: string, content: string): Layer {
  const problem = (message: string): Layer => ({
    given: new Map(),
    problems: [{ code: 'MUSTER_CONFIG_FILE_SYNTAX', source: path, message }],
  });
  const { length } = content;
  if (length > MAX_LENGTH) return problem(`must be at most ${MAX_LENGTH} characters long, got ${length}`);
  if (nestingDepth(content) > MAX_DEPTH) return problem(`must not nest lists and maps deeper than ${MAX_DEPTH}`);
  return new FileReader(settings, path, content).read();
}

interface Entry {
  readonly name: string;
  readonly value: unknown;
  readonly line: number;
}

class FileReader {
  readonly #given = new Map<string, Given>();
  readonly #problems: ConfigProblem[] = [];
  readonly #lines = new LineCounter();
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #groups: ReadonlySet<string>;
  readonly #path: string;
  readonly #content: string;

  constructor(settings: readonly Setting[], path: string, content: string) {
    this.#settings = new Map(settings.map((setting) => [setting.key, setting]));
    this.#groups = new Set(
      settings.flatMap(({ key }) => (key.includes('.') ? [key.slice(0, key.lastIndexOf('.'))] : [])),
    );
    this.#path = path;
    this.#content = content;
  }

  read(): Layer {
    // Duplicates are looked for below, where the first line can be named too.
    const parsed = parseDocument(this.#content, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
      resolveKnownTags: false,
    });
    if (parsed.errors.length + parsed.warnings.length > 0) {
      this.#syntaxErrors([...parsed.errors, ...parsed.warnings]);
    } else if (isMap(parsed.contents)) {
      this.#group(parsed.contents, '');
    } else if (!isNothing(parsed.contents)) {
      const line = this.#lineOf(parsed.contents, 1);
      this.#complain('MUSTER_CONFIG_TYPE', line, '', `must be a map of settings, got ${describe(parsed.contents)}`);
    }
    return { given: this.#given, problems: this.#problems };
  }

  /** Names the first error of each line; what follows on the same line mostly follows from it. */
  #syntaxErrors(errors: readonly YAMLError[]): void {
    const reasons = new Map(errors.toReversed().map((error) => [this.#lineAt(error.pos[0]), reasonOf(error)]));
    const lines = [...reasons.keys()].toSorted((left, right) => left - right);
    for (const line of lines.slice(0, MAX_SYNTAX_ERRORS)) {
      const message = `is not YAML that is understood here: ${reasons.get(line)}`;
      this.#complain('MUSTER_CONFIG_FILE_SYNTAX', line, '', message);
    }
  }

  /** Reads a map whose keys are settings or further groups. `prefix` is empty at the top, else it ends with a dot. */
  #group(map: YAMLMap, prefix: string): void {
    for (const { name, value, line } of this.#entries(map, prefix.slice(0, -1))) {
      const key = prefix + name;
      // A name with a dot in it is not a path: `gossip.factor: 3` is no setting.
      const setting = name.includes('.') ? undefined : this.#settings.get(key);
      if (setting !== undefined) this.#setting(setting, value, line);
      else if (name.includes('.') || !this.#groups.has(key)) this.#unknown(name, key, line);
      else if (isMap(value)) this.#group(value, `${key}.`);
      else if (!isNothing(value)) {
        this.#complain('MUSTER_CONFIG_TYPE', line, key, `must be a map of settings, got ${describe(value)}`);
      }
    }
  }

  #unknown(name: string, key: string, line: number): void {
    const meant = nearest(key, [...this.#settings.keys(), ...this.#groups]);
    let hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    if (meant === key && name.includes('.')) hint = '; write each part on a line of its own, below the one before';
    this.#complain('MUSTER_CONFIG_UNKNOWN_KEY', line, key, `is not a setting${hint}`);
  }

  #setting(setting: Setting, value: unknown, line: number): void {
    if (isNothing(value)) return;
    const problemsBefore = this.#problems.length;
    const texts = this.#texts(setting, value, line);
    const source = { kind: 'file', path: this.#path, line } as const;
    this.#given.set(setting.key, this.#problems.length > problemsBefore ? { source } : { source, texts });
  }

  /** The pieces of a value. Those that are of a wrong type are reported and left out. */
  #texts(setting: Setting, value: unknown, line: number): GivenText[] {
    const { key, kind } = setting;
    const show = setting.secret === true ? () => 'a value that is not shown' : describe;
    const wrong = (at: number, message: string) => this.#complain('MUSTER_CONFIG_TYPE', at, key, message);
    switch (kind.shape) {
      case 'list':
        if (!isSeq(value)) break;
        return value.items.flatMap((item) => {
          const at = this.#lineOf(item, line);
          const text = textOf(item);
          if (text === undefined) wrong(at, `must hold text only, got ${show(item)}`);
          return text === undefined ? [] : [{ at: this.#place(at, key), text }];
        });
      case 'map':
        if (!isMap(value)) break;
        return this.#entries(value, key).flatMap(({ name, value: item, line: at }) => {
          const text = textOf(item);
          if (text === undefined)
            wrong(at, `the value of ${quote(name)} must be text${quotingHint(item)}, got ${show(item)}`);
          return text === undefined ? [] : [{ at: this.#place(at, key), text, name }];
        });
      case 'text':
      case 'duration':
      case 'number':
      case 'boolean': {
        const text = scalarText(value, kind.shape);
        if (text !== undefined) return [{ at: this.#place(line, key), text }];
        const hint = kind.shape === 'text' ? quotingHint(value) : '';
        if (hint !== '') wrong(line, `must be text${hint}, got ${show(value)}`);
        else wrong(line, `must be ${kind.expects}, got ${show(value)}`);
        return [];
      }
    }
    wrong(line, `must be ${kind.expects}, got ${show(value)}`);
    return [];
  }

  /** The pairs of a map that have text as their key. A key that comes again is reported and left out. */
  #entries(map: YAMLMap, key: string): Entry[] {
    const entries = new Map<string, Entry>();
    for (const pair of map.items) {
      const line = this.#lineOf(pair.key, this.#lineOf(map, 1));
      const name = textOf(pair.key) ?? scalarText(pair.key, 'number');
      const first = entries.get(name ?? '');
      if (name === undefined) {
        this.#complain('MUSTER_CONFIG_TYPE', line, key, `must have text as its keys, got ${describe(pair.key)}`);
      } else if (first !== undefined) {
        const path = key === '' ? name : `${key}.${name}`;
        this.#complain('MUSTER_CONFIG_DUPLICATE', line, path, `is given twice, first on line ${first.line}`);
      } else {
        entries.set(name, { name, value: pair.value, line });
      }
    }
    return [...entries.values()];
  }

  #complain(code: ConfigProblemCode, line: number, key: string, message: string): void {
    this.#problems.push({ code, source: this.#place(line, key), message });
  }

  #place(line: number, key: string): string {
    return `${this.#path}:${line}${key === '' ? '' : ` ${short(key)}`}`;
  }

  #lineOf(value: unknown, otherwise: number): number {
    const range = isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value.range : undefined;
    return range === undefined || range === null ? otherwise : this.#lineAt(range[0]);
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }
}

/** The parser's own words, except where they speak to a programmer. */
function reasonOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'the file must be one document' : printable(message);
}

/** No value at all: nothing after the colon, `~` or `null`. */
function isNothing(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

function textOf(value: unknown): string | undefined {
  return scalarText(value, 'text');
}

/** The text of a scalar as it stands in the file; undefined when its type is not the one of the shape. */
function scalarText(value: unknown, shape: 'text' | 'duration' | 'number' | 'boolean'): string | undefined {
  if (!isScalar(value)) return undefined;
  const type = typeof value.value;
  if (type === 'string') return shape === 'text' || shape === 'duration' ? String(value.value) : undefined;
  // A duration without a unit is a number to YAML; the duration's own rule says best what it lacks.
  const wanted = shape === 'duration' ? 'number' : shape;
  return type === wanted ? (value.source ?? String(value.value)) : undefined;
}

function quotingHint(value: unknown): string {
  const isPlain = scalarText(value, 'number') !== undefined || scalarText(value, 'boolean') !== undefined;
  return isPlain ? ' (write it in quotes)' : '';
}

function describe(value: unknown): string {
  if (isNothing(value)) return 'nothing';
  if (isAlias(value)) return 'an alias';
  if (isSeq(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (!isScalar(value)) return 'something else';
  const text = textOf(value);
  return text === undefined ? `the ${typeof value.value} ${printable(value.source ?? '')}` : `the text ${quote(text)}`;
}
