// What a parameter can be asked with, and what must be answered to it.

/** Values that are allowed. */
export function goodValues(schema, examples) {
  if (examples !== undefined) return examples;
  if (schema.enum) return schema.enum;
  if (schema.type === 'array') return [schema.items.enum[0], schema.items.enum.join(',')];
  if (schema.type === 'integer') {
    return [...new Set([schema.minimum, schema.default, schema.maximum].filter((value) => value !== undefined))];
  }
  throw new Error(`no value is known for ${JSON.stringify(schema)}`);
}

/** Values that are refused. */
export function badValues(schema, examples) {
  if (schema.type === 'integer') {
    const beyond = BigInt(schema.maximum) + 1n;
    return [schema.minimum - 1, beyond, 'x', '', '1.5', '1e3', '%00', '0x10', '99999999999999999999999999'];
  }
  if (schema.enum || schema.type === 'array') return ['nope', 'NOPE,nope', '%3Cscript%3E'];
  return examples ?? [];
}
