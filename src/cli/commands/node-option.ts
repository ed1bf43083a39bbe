import type { Command } from 'commander';

/** Adds the flag by which every command that asks a node is told which one. */
export function withNode(command: Command): Command {
  return command.option('--http <url>', "the node's HTTP address; default http://127.0.0.1:8080 [MUSTER_HTTP]");
}

/** For the help of such a command. */
export const TOKEN_HELP = 'A node that asks for a token gets the one in MUSTER_TOKEN.';
