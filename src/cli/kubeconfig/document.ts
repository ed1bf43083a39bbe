import { Document, isMap, isScalar, isSeq, parseDocument, Scalar, visit, type YAMLMap, YAMLSeq } from 'yaml';
import { err, ok, type Result } from '../../base/result.ts';
import { short } from '../../config/text.ts';

type ListName = 'clusters' | 'contexts';

const LISTS: readonly ListName[] = ['clusters', 'contexts'];

/** A kubeconfig as a text that can be changed: comments, and all that it has beside, stay as they are. */
export class KubeconfigDocument {
  readonly #document: Document;
  readonly #isJson: boolean;

  private constructor(document: Document, isJson = false) {
    this.#document = document;
    this.#isJson = isJson;
  }

  /** One without any entry. */
  static empty(): KubeconfigDocument {
    return new KubeconfigDocument(
      new Document({ apiVersion: 'v1', clusters: [], contexts: [], 'current-context': '', kind: 'Config', users: [] }),
    );
  }

  /**
   * Reads a kubeconfig; an empty text is an empty one.
   *
   * @returns it, or why the text is none, in words that follow the file's name, safe to print
   */
  static parse(text: string): Result<KubeconfigDocument, string> {
    if (text.trim() === '') return ok(KubeconfigDocument.empty());
    const document = parseDocument(text);
    const [fault] = document.errors;
    if (fault !== undefined) return err(`is no YAML: ${short(fault.message.split('\n', 1)[0] ?? '')}`);
    if (hasAlias(document)) return err('has YAML aliases: a change of one entry would change another');
    if (!isMap(document.contents)) return err('is no kubeconfig: it is no map');
    const kind: unknown = document.get('kind');
    if (kind !== undefined && kind !== 'Config') return err('is no kubeconfig: its kind is not Config');
    for (const name of LISTS) {
      const problem = listProblem(document.get(name), name);
      if (problem !== undefined) return err(`is no kubeconfig: ${problem}`);
    }
    return ok(new KubeconfigDocument(document, isJson(text)));
  }

  /** The server of a cluster; undefined when there is no such cluster, empty when it has none. */
  serverOf(cluster: string): string | undefined {
    const entry = this.#entry('clusters', cluster);
    return entry === undefined ? undefined : textAt(entry, ['cluster', 'server']);
  }

  /** The cluster that a context is for; undefined when there is no such context, empty when it names none. */
  clusterOf(context: string): string | undefined {
    const entry = this.#entry('contexts', context);
    return entry === undefined ? undefined : textAt(entry, ['context', 'cluster']);
  }

  /** Tells whether a context with a user is for a cluster, be that there or not: who serves it is sent the user's credentials. */
  isUsed(cluster: string): boolean {
    const contexts = this.#document.get('contexts');
    if (!isSeq(contexts)) return false;
    return contexts.items.some(
      (item) =>
        isMap(item) && textAt(item, ['context', 'cluster']) === cluster && textAt(item, ['context', 'user']) !== '',
    );
  }

  /** Adds a cluster, or gives the one of that name another server. Its authorities are kept: they are the ones to be trusted there. */
  setCluster(name: string, server: string): void {
    const entry = this.#entry('clusters', name);
    if (entry === undefined || !isMap(entry.get('cluster'))) this.#put('clusters', name, { cluster: { server }, name });
    else entry.setIn(['cluster', 'server'], doubleQuoted(server));
  }

  /** Adds a context, or puts one in the place of that with its name. It is for nobody: whose credentials go there is for its owner to say. */
  setContext(name: string, cluster: string): void {
    this.#put('contexts', name, { context: { cluster, user: '' }, name });
  }

  /** The text, with lists as kubectl writes them; JSON when it was JSON. */
  toString(): string {
    if (this.#isJson) return `${JSON.stringify(this.#document, null, 2)}\n`;
    return this.#document.toString({ lineWidth: 0, indentSeq: false });
  }

  #list(name: ListName): YAMLSeq {
    const found = this.#document.get(name);
    if (isSeq(found)) return found;
    const made = new YAMLSeq();
    this.#document.set(name, made);
    return made;
  }

  #entry(list: ListName, name: string): YAMLMap | undefined {
    const found = this.#document.get(list);
    if (!isSeq(found)) return undefined;
    return found.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
  }

  #put(list: ListName, name: string, value: object): void {
    const entry = this.#document.createNode(value);
    visit(entry, {
      Pair(_key, { value: text }) {
        if (isScalar(text)) text.type = Scalar.QUOTE_DOUBLE;
      },
    });
    const items = this.#list(list);
    const at = items.items.findIndex((item) => isMap(item) && item.get('name') === name);
    // An empty list is mostly written as [], and what is put into that stands in one line.
    if (items.items.length === 0) items.flow = false;
    if (at < 0) items.add(entry);
    else items.items[at] = entry;
  }
}

/** In double quotes no text is taken for a number, a truth or a time, whatever version of YAML a reader goes by. */
function doubleQuoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hasAlias(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function listProblem(list: unknown, name: ListName): string | undefined {
  if (list === undefined || list === null) return undefined;
  if (!isSeq(list)) return `${name} is no list`;
  const at = list.items.findIndex((item) => !isMap(item) || typeof item.get('name') !== 'string');
  return at < 0 ? undefined : `entry ${at + 1} of ${name} has no name`;
}

function textAt(entry: YAMLMap, path: readonly string[]): string {
  const found: unknown = entry.getIn(path);
  return typeof found === 'string' ? found : '';
}
