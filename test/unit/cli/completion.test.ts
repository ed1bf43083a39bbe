import { execFileSync } from 'node:child_process';
import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { allCommands, inShort, modelOf } from '../../../src/cli/command-model.ts';
import { completionScript } from '../../../src/cli/completion/script.ts';

/** A program with one of each: nested commands, choices of both kinds, files, folders, hidden ones and awkward texts. */
function program(): Command {
  const tool = new Command('tool').version('1', '-V, --version', 'print the version');
  tool
    .command('list')
    .description("it's a list: of [things]")
    .option('-o, --output <table|json>', 'the form; default table')
    .addOption(new Option('--level <level>', 'how loud').choices(['low', 'high']))
    .option('--strict [true|false]', 'be strict. More words. [MUSTER_STRICT]')
    .option('--config <file>', 'settings')
    .option('--out <folder>', 'where to')
    .option('--name <name>', 'any name')
    .option('--tag <tag>', 'it can come again', (value: string, before: string[]) => [...before, value], [])
    .addHelpText('after', '\nExamples:\n  tool list');
  const net = tool.command('net').description('networks');
  net.command('join').description('join one').argument('<file>', 'whom');
  net.command('show').addArgument(new Argument('<what>', 'which part').choices(['links', 'nodes']));
  tool.command('secret', { hidden: true });
  return tool;
}

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): string[] {
  const script = `
    eval "$(cat)"
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _tool
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    input: completionScript(program(), 'bash'),
    encoding: 'utf8',
  });
  return out.split('\n').filter((word) => word !== '');
}

describe('what a program is, for completion and the manual', () => {
  const model = modelOf(program());

  it('has every command that its help shows, and no other', () => {
    expect(allCommands(model).map(({ path }) => path.join(' '))).toEqual([
      'tool',
      'tool list',
      'tool net',
      'tool net join',
      'tool net show',
      'tool net help',
      'tool help',
    ]);
  });

  it('knows what flags take', () => {
    const [list] = model.commands;
    expect(list?.flags.map(({ names, value }) => [names.at(-1), value?.kind, value?.choices.join()])).toEqual([
      ['--output', 'choice', 'table,json'],
      ['--level', 'choice', 'low,high'],
      ['--strict', 'choice', 'true,false'],
      ['--config', 'file', ''],
      ['--out', 'directory', ''],
      ['--name', 'text', ''],
      ['--tag', 'text', ''],
      ['--help', undefined, undefined],
    ]);
  });

  it('has what was added to the help', () => {
    expect(model.commands[0]?.epilogue).toBe('Examples:\n  tool list');
    expect(model.epilogue).toBe('');
  });

  it.each([
    ['the form; default table', 'the form'],
    ['be strict. More words. [MUSTER_STRICT]', 'be strict'],
    ["the node's address; default http://127.0.0.1:8080 [X]", "the node's address"],
    ['only one. Repeatable.', 'only one'],
  ])('shortens %j to %j', (long, short) => {
    expect(inShort(long)).toBe(short);
  });
});

describe('completion in bash', () => {
  it.each<[string[], string[]]>([
    [[''], ['list', 'net', 'help']],
    [['l'], ['list']],
    [['-'], ['-V', '--version', '-h', '--help']],
    [
      ['net', ''],
      ['join', 'show', 'help'],
    ],
    [
      ['list', '--o'],
      ['--output', '--out'],
    ],
    [
      ['list', '-o', ''],
      ['table', 'json'],
    ],
    [['list', '--output', '=', 'j'], ['json']],
    [
      ['list', '--output', '='],
      ['table', 'json'],
    ],
    [['list', '--level', 'h'], ['high']],
    [
      ['list', '--strict', ''],
      ['true', 'false'],
    ],
    [['list', '--strict', '--na'], ['--name']],
    [['list', '--name', ''], []],
    [['list', '--config', 'package.j'], ['package.json']],
    [['list', '--out', 'docs/im'], ['docs/images']],
    [['net', 'join', 'READ'], ['README.md']],
    [
      ['net', 'show', ''],
      ['links', 'nodes'],
    ],
    [
      ['help', ''],
      ['list', 'net'],
    ],
    [['list', '--name', 'net', '--out', 'docs/im'], ['docs/images']],
    [
      ['secret', ''],
      ['list', 'net', 'help'],
    ],
  ])('of tool %j offers %j', (words, expected) => {
    expect(offered('tool', ...words)).toEqual(expected);
  });
});

describe('completion in zsh', () => {
  it('offers a flag again that may come again, and no other', () => {
    const script = completionScript(program(), 'zsh');
    expect(script).toContain("'*--tag=[it can come again]:tag: '");
    expect(script).toContain("'--name=[any name]:name: '");
    expect(script).toContain("'(-o --output)--output=[the form]:table|json:(table json)'");
  });
});
