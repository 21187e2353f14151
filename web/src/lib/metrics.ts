// The text format of Prometheus, as far as a page needs it.
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function samplesFrom(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!found) {
      continue;
    }
    const labels: Record<string, string> = {};
    for (const [, name = '', value = ''] of (found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name] = value;
    }
    const value = Number(found[3] === '+Inf' ? Infinity : found[3]);
    samples.push({ name: found[1] ?? '', labels, value });
  }
  return samples;
}

export function sumOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number {
  return samples
    .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, one) => sum + one.value, 0);
}

/** The bound of the bucket that a share of all observations lies below, in seconds; null without any. */
export function quantile(samples: readonly Sample[], name: string, q: number, labels: Record<string, string> = {}): number | null {
  const counts = new Map<number, number>();
  for (const one of samples) {
    if (one.name === `${name}_bucket` && Object.entries(labels).every(([key, value]) => one.labels[key] === value)) {
      const bound = one.labels.le === '+Inf' ? Infinity : Number(one.labels.le);
      counts.set(bound, (counts.get(bound) ?? 0) + one.value);
    }
  }
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  const all = counts.get(bounds.at(-1) ?? 0) ?? 0;
  return all > 0 ? (bounds.find((bound) => (counts.get(bound) ?? 0) >= q * all) ?? null) : null;
}

/** By the values of one label. */
export function byLabel(samples: readonly Sample[], name: string, label: string): [string, number][] {
  const sums = new Map<string, number>();
  for (const one of samples) {
    const value = one.labels[label];
    if (one.name === name && value !== undefined) {
      sums.set(value, (sums.get(value) ?? 0) + one.value);
    }
  }
  return [...sums];
}
