/** One condition on the labels of a member. `notIn` also holds when the key is absent (as in Kubernetes). */
export type Requirement =
  | { readonly operator: 'in' | 'notIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: 'exists' | 'absent'; readonly key: string };

/** Conditions that must all hold. The empty selector selects everything. */
export type LabelSelector = readonly Requirement[];

/** Tells whether a selector selects something with these labels. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

function holds(requirement: Requirement, labels: Readonly<Record<string, string>>): boolean {
  // A label may be called 'toString': only what the object itself holds counts.
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notIn':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
  }
}

/** Writes a selector in the grammar that it is read from. */
export function formatSelector(selector: LabelSelector): string {
  return selector.map(formatRequirement).join(',');
}

function formatRequirement(requirement: Requirement): string {
  switch (requirement.operator) {
    case 'in':
      return formatSet(requirement.key, requirement.values, '=', 'in');
    case 'notIn':
      return formatSet(requirement.key, requirement.values, '!=', 'notin');
    case 'exists':
      return requirement.key;
    case 'absent':
      return `!${requirement.key}`;
  }
}

function formatSet(key: string, values: readonly string[], one: string, many: string): string {
  return values.length === 1 ? `${key}${one}${values[0]}` : `${key} ${many} (${values.join(',')})`;
}
