import { CST, Parser } from 'yaml';

/**
 * How deep the lists and maps of a YAML text stand in each other. It walks without recursion, so that a text made to be deep is found
 * out before anything recurses into it: running out of stack can end the process, not just the call.
 */
export function nestingDepth(content: string): number {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  const enter = (token: CST.Token | null | undefined, depth: number) => {
    if (token?.type === 'document') enter(token.value, depth);
    else if (CST.isCollection(token)) open.push({ token, depth: depth + 1 });
  };
  for (const token of new Parser().parse(content)) enter(token, 0);
  let deepest = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    if (!CST.isCollection(token)) continue;
    for (const item of token.items) {
      enter(item.key, depth);
      enter(item.value, depth);
    }
  }
  return deepest;
}
