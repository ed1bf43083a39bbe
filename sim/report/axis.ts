/** A horizontal axis from 0 to `end`. Layers of one plot share theirs: the first to name a title titles it. */
export function across(field: string, end: number, title?: string) {
  const scale = { domain: [0, end], nice: false };
  return {
    field,
    type: 'quantitative' as const,
    scale,
    ...(title === undefined ? {} : { axis: { title, grid: false, labelFlush: false } }),
  };
}

/** An upright axis from 0. */
export function upright(field: string, title: string, more: { readonly top?: number; readonly format?: string } = {}) {
  const scale = { nice: true, domainMin: 0, ...(more.top === undefined ? {} : { domainMax: more.top }) };
  const axis = { title, tickCount: 5, ...(more.format === undefined ? {} : { format: more.format }) };
  return { field, type: 'quantitative' as const, scale, axis };
}
