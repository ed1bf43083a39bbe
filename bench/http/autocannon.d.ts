/** The part of autocannon that is used here. */
declare module 'autocannon' {
  interface Request {
    readonly headers?: Readonly<Record<string, string>>;
  }

  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly requests?: readonly {
      readonly setupRequest: (request: Request) => Request;
      readonly onResponse: (
        status: number,
        body: string,
        context: unknown,
        headers: Readonly<Record<string, string | undefined>>,
      ) => void;
    }[];
  }

  interface Result {
    readonly requests: { readonly average: number };
    readonly non2xx: number;
    readonly errors: number;
    /** Seconds. */
    readonly duration: number;
  }

  export default function autocannon(options: Options): Promise<Result>;
}
