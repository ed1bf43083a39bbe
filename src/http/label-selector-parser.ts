import { labelKeyProblem, labelValueProblem } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { LabelSelector, Requirement } from './label-selector.ts';

/** Why a text is no selector. */
interface SelectorProblem {
  /** The character where reading stopped, counted from 1; one past the last when the text ended too early. */
  readonly at: number;
  /** What was expected there, as a sentence without its full stop. */
  readonly message: string;
}

/**
 * Reads a label selector in Kubernetes' grammar ("Labels and Selectors"): conditions divided by commas, each of them
 * `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)` or `key notin (a,b)`. Empty values are allowed, as
 * there. Keys and values follow the rules for labels. The empty text is the selector that selects everything.
 */
export function parseLabelSelector(text: string): Result<LabelSelector, SelectorProblem> {
  try {
    return ok(new Parser(text).selector());
  } catch (thrown) {
    if (thrown instanceof ProblemFound) return err({ at: thrown.at + 1, message: thrown.message });
    throw thrown;
  }
}

/** Leaves the parser from any depth. Never leaves this file. */
class ProblemFound extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** A word (a key, a value, `in`) or one of the marks `= == != ! ( ) ,`; an empty text at the end. */
interface Token {
  readonly kind: 'word' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
}

const WORD_OR_MARK = /[ \t\r\n]*(?:(?<mark>==|!=|[=!(),<>])|(?<word>[^ \t\r\n=!(),<>]+)|$)/y;

class Parser {
  readonly #text: string;
  #next: Token;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#read();
  }

  selector(): LabelSelector {
    if (this.#atEnd()) return [];
    const requirements = [this.#requirement()];
    while (this.#take(',')) requirements.push(this.#requirement());
    if (!this.#atEnd()) throw this.#expected("',' or the end");
    return requirements;
  }

  #requirement(): Requirement {
    if (this.#take('!')) return { operator: 'absent', key: this.#key() };
    const key = this.#key();
    if (this.#take('=') || this.#take('==')) return { operator: 'in', key, values: [this.#value()] };
    if (this.#take('!=')) return { operator: 'notIn', key, values: [this.#value()] };
    if (this.#take('in')) return { operator: 'in', key, values: this.#values() };
    if (this.#take('notin')) return { operator: 'notIn', key, values: this.#values() };
    if (this.#atEnd() || this.#next.text === ',') return { operator: 'exists', key };
    throw this.#expected("'=', '==', '!=', 'in', 'notin', ',' or the end");
  }

  #values(): readonly string[] {
    if (!this.#take('(')) throw this.#expected("'('");
    if (this.#next.text === ')') throw this.#expected('at least one value');
    const values = [this.#value()];
    while (this.#take(',')) values.push(this.#value());
    if (!this.#take(')')) throw this.#expected("',' or ')'");
    return values;
  }

  #key(): string {
    const { kind, text, at } = this.#next;
    if (kind !== 'word') throw this.#expected('a label key');
    const problem = labelKeyProblem(text);
    if (problem !== undefined) throw new ProblemFound(at, `the label key ${problem}`);
    this.#advance();
    return text;
  }

  #value(): string {
    const { kind, text, at } = this.#next;
    if (kind !== 'word') return '';
    const problem = labelValueProblem(text);
    if (problem !== undefined) throw new ProblemFound(at, `the label value ${problem}`);
    this.#advance();
    return text;
  }

  /** Takes the next token when it is this one. */
  #take(text: string): boolean {
    if (this.#next.text !== text) return false;
    this.#advance();
    return true;
  }

  #atEnd(): boolean {
    return this.#next.kind === 'end';
  }

  #advance(): void {
    this.#next = this.#read();
  }

  #read(): Token {
    WORD_OR_MARK.lastIndex = this.#offset;
    const match = WORD_OR_MARK.exec(this.#text);
    this.#offset = match === null ? this.#text.length : WORD_OR_MARK.lastIndex;
    const { mark, word } = match?.groups ?? {};
    if (mark !== undefined) return { kind: 'mark', text: mark, at: this.#offset - mark.length };
    if (word !== undefined) return { kind: 'word', text: word, at: this.#offset - word.length };
    return { kind: 'end', text: '', at: this.#text.length };
  }

  #expected(what: string): ProblemFound {
    const { kind, text, at } = this.#next;
    return new ProblemFound(at, `expected ${what}, found ${kind === 'end' ? 'the end' : `'${shortened(text)}'`}`);
  }
}

function shortened(text: string): string {
  return text.length <= 63 ? text : `${text.slice(0, 63)}…`;
}
