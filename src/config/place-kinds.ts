import { isPort } from '../base/metadata.ts';
import { err, ok } from '../base/result.ts';
import type { BootstrapTarget } from '../gossip/input.ts';
import { formatHostPort, type HostPort, isUnspecified, parseHostPort, parseTarget } from './address.ts';
import { type Advertised, advertisedAddress } from './advertise.ts';
import { type Kind, single } from './kind.ts';
import type { ConfigProblem } from './problem.ts';

/** An address to listen on. Port 0 asks for any free port. */
export const BIND: Kind<HostPort> = single({
  shape: 'text',
  expects: 'HOST:PORT, such as 127.0.0.1:7946, [::1]:7946 or 0.0.0.0:0',
  parse(given) {
    const place = parseHostPort(given);
    return place === undefined ? err('must be HOST:PORT, such as 127.0.0.1:7946, [::1]:7946 or 0.0.0.0:0') : ok(place);
  },
  show: formatHostPort,
});

/** An address to tell others. Port 0 stands for the port that was bound. */
export const ADVERTISED: Kind<Advertised> = single({
  shape: 'text',
  expects: 'HOST:PORT that peers can reach',
  parse(given) {
    const place = parseHostPort(given);
    if (place === undefined) return err('must be HOST:PORT, such as 10.0.3.7:7946 or node-1.example.com:7946');
    if (isUnspecified(place.host))
      return err('must be an address that peers can call, not one that means every address');
    return ok({ host: place.host, port: isPort(place.port) ? place.port : 'bound' });
  },
  show: (advertised) => advertisedAddress(advertised, 0),
});

/** An address to call. */
export const PLACE: Kind<HostPort> = single({
  shape: 'text',
  expects: 'HOST:PORT, such as 10.0.0.1:3128',
  parse(given) {
    const place = parseHostPort(given);
    if (place === undefined || !isPort(place.port) || isUnspecified(place.host)) {
      return err('must be HOST:PORT, such as 10.0.0.1:3128 or proxy.example.com:3128');
    }
    return ok(place);
  },
  show: formatHostPort,
});

/** Any number of bootstrap targets. One given twice counts once. */
export const TARGETS: Kind<readonly BootstrapTarget[]> = {
  shape: 'list',
  expects: 'a list of HOST:PORT, dns://NAME:PORT or dns+srv://_SERVICE._PROTO.NAME',
  read(given, quote) {
    const targets = new Set<string>();
    const problems: ConfigProblem[] = [];
    for (const { at, text } of given) {
      const parsed = parseTarget(text);
      if (parsed.ok) targets.add(parsed.value);
      else problems.push({ code: 'MUSTER_CONFIG_VALUE', source: at, message: `${parsed.error}, got ${quote(text)}` });
    }
    return problems.length > 0 ? err(problems) : ok([...targets].map((target) => ({ target, origin: 'configured' })));
  },
  show: (targets) => targets.map(({ target }) => target),
};
