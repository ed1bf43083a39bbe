import type { Command } from 'commander';
import type { KubeconfigFlags } from '../kubeconfig/flags.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

/** Registers `muster kubeconfig`. */
export function registerKubeconfig(program: Command): void {
  withNode(
    program
      .command('kubeconfig')
      .description('make a kubeconfig with a cluster and a context for every HEALTHY member'),
  )
    .option('-l, --selector <selector>', "only members whose labels match, in Kubernetes' grammar")
    .option('--merge', 'put the entries into a file and keep all else that is there')
    .option('--file <file>', "write to this file; default with --merge: $KUBECONFIG's first, or ~/.kube/config")
    .option('-y, --yes', 'replace what is there without asking; needed where there is no terminal')
    .addHelpText(
      'after',
      `
Without --merge and --file it is printed. Clusters and contexts have the names
of the members. They hold no credentials: name a user for each context yourself.
A member without a lawful http(s) endpoint, or with a name that is not plain, is
left out, and standard error says so. Exits 3 when no member is left.

--merge asks before it changes the server of a cluster, before it changes the
cluster of a context, and before a cluster comes to be that a context with a
user already names: these decide where the user's credentials go.

${TOKEN_HELP}

Examples:
  muster kubeconfig > muster.kubeconfig
  muster kubeconfig -l env=prod --merge
  muster kubeconfig --merge --file ./fleet.kubeconfig --yes
  kubectl config set-context prod-eu --user=me`,
    )
    .action(async (flags: KubeconfigFlags) => {
      const { runKubeconfig } = await import('../kubeconfig/run.ts');
      process.exitCode = await runKubeconfig(flags);
    });
}
