import type { FastifyServerOptions } from 'fastify';
import { HttpError, type HttpErrorCode } from './errors.ts';

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;
type BuildValidator = NonNullable<CompilersFactory['buildValidator']>;

/** What Fastify calls with the data: it may promise its answer, and leaves what is wrong at itself. */
interface Validator {
  (data: unknown): unknown;
  errors?: readonly object[] | null;
}
type Compile = (route: unknown) => Validator;

type SchemaErrorFormatter = NonNullable<FastifyServerOptions['schemaErrorFormatter']>;

/** A word of our own in schemas: the stable code of the error, where what the schema says does not hold. */
const ERROR_CODE = 'x-error-code';

/** What the schema library is told besides Fastify's own. */
const AJV: NonNullable<FastifyServerOptions['ajv']> = { customOptions: { keywords: [ERROR_CODE], verbose: true } };

/**
 * Compiles schemas when the first request needs one, and loads the library no earlier: a node that starts has no time for it. Answers
 * are written as they are; that they follow their schemas is for the tests to show.
 */
const buildLazyValidator = (shared: never, options: unknown): Compile => {
  let loading: Promise<Compile> | undefined;
  const load = async (): Promise<Compile> => {
    const { AjvCompiler } = await import('@fastify/ajv-compiler');
    return AjvCompiler()(shared, options as never) as unknown as Compile;
  };
  return (route) => {
    let compiled: Validator | undefined;
    const check = (validator: Validator, data: unknown): unknown => {
      const outcome = validator(data);
      validate.errors = validator.errors?.map((error) => Object.assign(error, { all: data })) ?? null;
      return outcome;
    };
    const validate: Validator = (data) => {
      if (compiled !== undefined) return check(compiled, data);
      loading ??= load();
      return loading.then((compile) => {
        compiled ??= compile(route);
        return check(compiled, data);
      });
    };
    return validate;
  };
};

/** Says where a request does not follow the schema of its route, in the words of a person. */
const inputError: SchemaErrorFormatter = (errors, part) => {
  const [first] = errors as readonly SchemaError[];
  if (first === undefined) return new HttpError('INVALID_INPUT', `The ${part} is not valid.`);
  const { instancePath, keyword, params, message = 'is not valid', parentSchema, data, all } = first;
  const code = parentSchema?.[ERROR_CODE] ?? 'INVALID_INPUT';
  const [name = part, ...rest] = instancePath.split('/').slice(1);
  const list: unknown =
    rest.length === 1 && typeof all === 'object' && all !== null ? Reflect.get(all, name) : undefined;
  const place = Array.isArray(list)
    ? `${name}${list.length > 1 ? ` number ${Number(rest[0]) + 1}` : ''}`
    : [name, ...rest].join('.');
  const what =
    keyword === 'enum'
      ? `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`
      : part === 'querystring' && Array.isArray(data)
        ? 'may be given only once'
        : message;
  return new HttpError(code, `${place}: ${what}`);
};

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly parentSchema?: { readonly [ERROR_CODE]?: HttpErrorCode };
  /** The value that is wrong, and all that it stands in. */
  readonly data?: unknown;
  readonly all?: unknown;
}

/** The part of a server's options by which its schemas work. */
export const SCHEMA_OPTIONS = {
  schemaController: {
    compilersFactory: {
      // Fastify takes a promise for an answer; the library's type, which it borrows, does not say so.
      buildValidator: buildLazyValidator as unknown as BuildValidator,
      buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
    },
  },
  schemaErrorFormatter: inputError,
  ajv: AJV,
} satisfies FastifyServerOptions;
