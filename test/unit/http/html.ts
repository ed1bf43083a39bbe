import { expect } from 'vitest';
import { MEMBERLIST, type setUp } from './fixture.ts';

type App = ReturnType<typeof setUp>['app'];

/** Asks for a page as a browser does. */
export async function getPage(app: App, url: string) {
  const answer = await app.inject({ url, headers: { accept: 'text/html' } });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  return answer;
}

/** Asks for the memberlist's page. */
export async function getList(app: App, query = '') {
  return getPage(app, `${MEMBERLIST}${query}`);
}

/** The text of an HTML fragment, as a reader sees it. */
export function text(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The text of the element with an id or a tag name of its own, whose end tag is the next of its name. */
export function textOf(html: string, tag: string, attributes = ''): string {
  return text(new RegExp(`<${tag}[^>]*${attributes}[^>]*>.*?</${tag}>`, 's').exec(html)?.[0] ?? '');
}

/** The table's rows, each as its cells' texts; the heading of a group is a row of one cell. */
export function rows(html: string): string[][] {
  return [...html.matchAll(/<tbody.*?<\/tbody>/gs)].flatMap(([body]) =>
    [...body.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<t[hd].*?<\/t[hd]>/gs)].map(([cell]) => text(cell)),
    ),
  );
}

/** The first cells of the table's rows. */
export function names(html: string): string[] {
  return rows(html).map(([name = '']) => name);
}

/** Every address that a page leads to. */
export function hrefs(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map((match) => match[1] ?? '');
}
