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

/** A histogram's buckets in order: each counts what lies at or below its bound, in seconds, and above the one before it. */
export function buckets(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): { bound: number; count: number }[] {
  const below = new Map<number, number>();
  for (const one of samples) {
    if (one.name === `${name}_bucket` && Object.entries(labels).every(([key, value]) => one.labels[key] === value)) {
      const bound = one.labels.le === '+Inf' ? Infinity : Number(one.labels.le);
      below.set(bound, (below.get(bound) ?? 0) + one.value);
    }
  }
  const inOrder = [...below].sort(([a], [b]) => a - b);
  return inOrder.map(([bound, count], i) => ({ bound, count: count - (inOrder[i - 1]?.[1] ?? 0) }));
}

/** The bound of the bucket that a share of all observations lies below, in seconds; null without any. */
export function quantile(samples: readonly Sample[], name: string, q: number, labels: Record<string, string> = {}): number | null {
  const all = buckets(samples, name, labels);
  const total = all.reduce((sum, one) => sum + one.count, 0);
  let below = 0;
  return total > 0 ? (all.find((one) => (below += one.count) >= q * total)?.bound ?? null) : null;
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
