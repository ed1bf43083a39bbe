import { createServer } from 'node:http';

/** An answer that is sent again and again. */
export interface FixedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** In base64. */
  readonly body: string;
}

// The ceiling: node:http and nothing else, sending the same bytes to whoever asks, and 304 to whoever names the tag.
process.once('message', ({ headers, body }: FixedAnswer) => {
  const bytes = Buffer.from(body, 'base64');
  const server = createServer((request, response) => {
    if (request.headers['if-none-match'] === headers['etag']) response.writeHead(304, headers).end();
    else response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
});
process.once('disconnect', () => process.exit());
