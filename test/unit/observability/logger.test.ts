import { describe, expect, it } from 'vitest';
import { createLogger, type LogFormat, type LogLevel } from '../../../src/observability/logger.ts';

function setUp(format: LogFormat, level: LogLevel = 'info') {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level, format }, { write: (line) => lines.push(line) }) };
}

describe('the log as JSON', () => {
  it('is one object a line, with the time as ISO and the level by name', () => {
    const { lines, logger } = setUp('json');
    logger.info({ nodeId: 'prod-eu\nfake' }, 'ready');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toStrictEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      nodeId: 'prod-eu\nfake',
      msg: 'ready',
    });
  });

  it('holds back what is below its level', () => {
    const { lines, logger } = setUp('json', 'warn');
    logger.info('quiet');
    logger.warn('loud');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['loud']);
  });

  it('never shows secrets', () => {
    const { lines, logger } = setUp('json');
    logger.info({ token: 's3cret', req: { headers: { authorization: 's3cret', cookie: 's3cret', host: 'h' } } }, 'x');
    logger.info({ options: { password: 's3cret' }, authorization: 's3cret' }, 'y');
    expect(lines.join('')).not.toContain('s3cret');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ token: '[redacted]', req: { headers: { host: 'h' } } });
  });
});

describe('the log for people', () => {
  it('is written before the call returns, without colour for a foreign destination', () => {
    const { lines, logger } = setUp('pretty');
    logger.warn({ code: 'ISOLATED', cycles: 5 }, 'isolated');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: isolated \{"code":"ISOLATED","cycles":5\}\n$/);
  });

  it('shows neither secrets nor control characters of others', () => {
    const { lines, logger } = setUp('pretty');
    logger.info({ authorization: 's3cret', id: '\u001b[2J\n' }, 'x');
    expect(lines.join('')).not.toContain('s3cret');
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.join('').trimEnd()).not.toContain('\n');
  });
});
