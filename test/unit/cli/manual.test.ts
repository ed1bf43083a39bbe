import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../src/cli/command-model.ts';
import { manualPage } from '../../../src/cli/manual/page.ts';
import { roffArgument, roffLine } from '../../../src/cli/manual/roff.ts';

const tool = new Command('tool').description('does things').version('1.2.3', '-V, --version', 'print the version');
tool
  .command('list')
  .description('list what there is')
  .argument('<where>', 'the place')
  .option('-o, --output <form>', '.how it looks; a\\b')
  .addHelpText('after', '\nIt takes long.\n\nExamples:\n  tool list here\n  tool list there | wc -l');
const lines = manualPage(modelOf(tool), '1.2.3', [
  { title: 'FILES', text: ['Some files.'], terms: [['a.yaml', 'the settings']] },
]).split('\n');

/** What follows a line, as many lines as asked for. */
const after = (line: string, count: number): string[] => lines.slice(lines.indexOf(line) + 1).slice(0, count);

describe('text in a manual page', () => {
  it.each([
    ['plain', 'plain'],
    ['--flag', String.raw`\-\-flag`],
    ['.SH no heading', String.raw`\&.SH no heading`],
    ["'quoted'", String.raw`\&'quoted'`],
    [String.raw`a\b`, String.raw`a\eb`],
  ])('%j is no request and no escape', (text, roff) => {
    expect(roffLine(text)).toBe(roff);
  });

  it('keeps its quotes in an argument', () => {
    expect(roffArgument('say "hi"')).toBe(String.raw`"say \(dqhi\(dq"`);
  });
});

describe('the manual page of a program', () => {
  it('has its name, version and what it is', () => {
    expect(lines[1]).toBe('.TH TOOL 1 "" "tool 1.2.3" "User Commands"');
    expect(after('.SH NAME', 1)).toEqual([String.raw`tool \- does things`]);
  });

  it('has each command with its arguments, flags and examples', () => {
    expect(after('.SS "tool list [options] <where>"', 7)).toEqual([
      'List what there is.',
      '.TP',
      '.B <where>',
      'The place.',
      '.TP',
      String.raw`.B \-o, \-\-output <form>`,
      String.raw`\&.how it looks; a\eb.`,
    ]);
    expect(after('It takes long.', 9)).toEqual([
      '.PP',
      'Examples:',
      '.PP',
      '.nf',
      '.RS 4',
      'tool list here',
      String.raw`tool list there | wc \-l`,
      '.RE',
      '.fi',
    ]);
  });

  it('tells of help once', () => {
    expect(lines.filter((line) => line === String.raw`.B \-h, \-\-help`)).toHaveLength(1);
  });

  it('has the sections that were added', () => {
    expect(after('.SH "FILES"', 4)).toEqual(['Some files.', '.TP', '.B a.yaml', 'The settings.']);
  });
});
