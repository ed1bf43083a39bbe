import { ExitCode } from '../exit-code.ts';
import type { ManualSection } from './page.ts';

/** What the manual says beside the commands. */
export const MANUAL_SECTIONS: readonly ManualSection[] = [
  {
    title: 'EXIT STATUS',
    terms: [
      [String(ExitCode.ok), 'it did what was asked'],
      [
        String(ExitCode.failed),
        'it could not: an address in use, a node that does not answer, a simulation that broke a rule',
      ],
      [
        String(ExitCode.usage),
        'it was asked wrongly; standard error has one line for every mistake of usage or configuration',
      ],
      [
        String(ExitCode.unmet),
        'all went well, and the answer is no: nobody matches, or what was waited for did not come in time',
      ],
    ],
  },
  {
    title: 'ENVIRONMENT',
    text: [
      'Each setting of the agent has a variable, which stands in brackets behind its flag. Flags win over variables, variables over the file.',
    ],
    terms: [
      ['MUSTER_HTTP', 'the HTTP address of the node that is asked, where --http is not given'],
      ['MUSTER_TOKEN', 'the bearer token for a node that asks for one'],
      ['KUBECONFIG', 'the file that muster kubeconfig --merge changes: the first one that it names'],
      ['NO_COLOR', 'no colours, whatever its value'],
    ],
  },
  {
    title: 'FILES',
    terms: [
      ['muster.yaml', 'the settings of an agent, wherever --config says; examples/muster.yaml has every key'],
      [
        'snapshot.json',
        'in --data-dir: where the other members were, so that the agent finds them again, and what was set over HTTP',
      ],
    ],
  },
  {
    title: 'SIGNALS',
    terms: [
      ['SIGTERM, SIGINT', 'the agent leaves the mesh and ends; a second one ends it at once'],
      ['SIGHUP', 'the agent reads its configuration anew'],
    ],
  },
];
