import buildOnce from '../../helpers/build-once.ts';
import { namespaceName, sweepNamespaces } from './namespaces.ts';
import { whatIsMissing } from './preconditions.ts';

/**
 * Builds the program, and removes what a former run left behind that was killed. A machine on which this suite can not run fails it:
 * a pass must mean that the scenarios were played.
 */
export default function setup(): () => void {
  const missing = whatIsMissing(process.getuid?.(), namespaceName('trial'));
  if (missing !== undefined) throw new Error(`the end-to-end suite can not run: ${missing}`);
  sweepNamespaces();
  buildOnce();
  return sweepNamespaces;
}
