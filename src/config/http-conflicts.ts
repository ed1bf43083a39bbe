import { formatHostPort, isLoopback } from './address.ts';
import type { Draft } from './draft.ts';
import type { ConfigProblem } from './problem.ts';
import { SETTINGS, type SettingKey } from './settings.ts';
import { placeOf } from './source.ts';
import { quote } from './text.ts';

/** Settings of the HTTP server that contradict each other, or mean nothing alone. */
export function httpProblems(draft: Draft): ConfigProblem[] {
  return [
    ...opennessProblems(draft),
    ...sessionKeyProblems(draft),
    ...missing(draft, 'http.tls.cert', 'http.tls.key'),
    ...missing(draft, 'http.tls.key', 'http.tls.cert'),
    ...missing(draft, 'http.oidc.issuer', 'http.oidc.audience'),
    ...missing(draft, 'http.oidc.audience', 'http.oidc.issuer'),
    ...missing(draft, 'http.oidc.jwks', 'http.oidc.issuer'),
  ];
}

/** Nobody opens the memberlist to a network by accident: it takes authentication, or the word for going without. */
function opennessProblems(draft: Draft): ConfigProblem[] {
  const bind = draft.find('http.bind');
  const source = draft.source('http.bind');
  if (bind === undefined || source === undefined || isLoopback(bind.host)) return [];
  const deciding = ['http.tokenFile', 'http.oidc.issuer', 'http.insecure'] as const;
  // One that is given and wrong has its own problem; whether it would have been enough nobody knows.
  if (deciding.some((key) => draft.source(key) === undefined)) return [];
  if (draft.find('http.tokenFile') !== undefined || draft.find('http.oidc.issuer') !== undefined) return [];
  if (draft.get('http.insecure')) return [];
  const [tokens, issuer, insecure] = deciding.map((key) => SETTINGS[key].flag);
  const message = `must be a loopback address, or come with ${tokens} or ${issuer}, or with ${insecure} to let everybody read, got ${quote(formatHostPort(bind))}`;
  return [{ code: 'MUSTER_CONFIG_HTTP_OPEN', source: placeOf(source, 'http.bind'), message }];
}

function missing(draft: Draft, key: SettingKey, needed: SettingKey): ConfigProblem[] {
  const source = draft.source(key);
  if (draft.find(key) === undefined || source === undefined) return [];
  // A partner that is there, or that was given and is wrong, is not missing.
  if (draft.find(needed) !== undefined || draft.source(needed) === undefined) return [];
  return [
    { code: 'MUSTER_CONFIG_INCOMPLETE', source: placeOf(source, key), message: `needs ${SETTINGS[needed].flag} too` },
  ];
}

/** Sessions begin with a token, so without any there is nothing to sign. */
function sessionKeyProblems(draft: Draft): ConfigProblem[] {
  const key = 'http.sessionKeyFile';
  const source = draft.source(key);
  const tokens = ['http.tokenFile', 'http.oidc.issuer'] as const;
  if (draft.find(key) === undefined || source === undefined) return [];
  if (tokens.some((each) => draft.find(each) !== undefined || draft.source(each) === undefined)) return [];
  const message = `needs ${tokens.map((each) => SETTINGS[each].flag).join(' or ')} too`;
  return [{ code: 'MUSTER_CONFIG_INCOMPLETE', source: placeOf(source, key), message }];
}
