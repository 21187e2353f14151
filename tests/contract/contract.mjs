// The contract, and what an answer has to be to keep it.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export class Contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020.default({ strict: true, allowUnionTypes: true, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addVocabulary(['components']);
    this.ajv.addSchema({ $id: 'contract', components: document.components });
    this.compiled = new Map();
    this.filled = new Set();
    this.answered = new Map();
  }

  get operations() {
    return Object.entries(this.document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
      parameters: (operation.parameters ?? []).map((parameter) => this.resolved(parameter)),
    })));
  }

  resolved(part) {
    if (part.$ref === undefined) return part;
    const { $ref, ...own } = part;
    return { ...this.resolved($ref.slice(2).split('/').reduce((at, name) => at[name], this.document)), ...own };
  }

  validator(schema) {
    const text = JSON.stringify(schema).replaceAll('"#/', '"contract#/');
    if (!this.compiled.has(text)) this.compiled.set(text, this.ajv.compile(JSON.parse(text)));
    return this.compiled.get(text);
  }

  /** Throws where the answer is none that the operation has; notes which lists were not empty. */
  check({ path, method, operation }, answer) {
    const where = `${answer.method} ${answer.target}: ${answer.status}`;
    const given = operation.responses[String(answer.status)];
    if (given === undefined) throw new Error(`${where} is no answer of ${method} ${path}: ${answer.text}`);
    const { content, headers } = this.resolved(given);
    const type = (answer.headers['content-type'] ?? '').split(';')[0];
    if (content === undefined && answer.text !== '') throw new Error(`${where} has a body`);
    if (content !== undefined && content[type] === undefined) throw new Error(`${where} comes as ${type}`);
    for (const name of Object.keys(headers ?? {})) {
      if (answer.headers[name.toLowerCase()] === undefined) throw new Error(`${where} comes without ${name}`);
    }
    this.answered.set(operation.operationId, (this.answered.get(operation.operationId) ?? new Set()).add(answer.status));
    if (content === undefined) return undefined;
    if (answer.method === 'HEAD') {
      if (answer.text !== '') throw new Error(`${where} has a body`);
      return undefined;
    }
    const body = type.endsWith('json') ? JSON.parse(answer.text) : answer.text;
    const validate = this.validator(content[type].schema);
    if (!validate(body)) {
      throw new Error(`${where} is not as in the contract: ${JSON.stringify(validate.errors.slice(0, 5))} in ${answer.text.slice(0, 400)}`);
    }
    if (answer.status >= 400 && type === 'application/problem+json' && body.status !== answer.status) {
      throw new Error(`${where} says that it is ${body.status}`);
    }
    if (answer.status === 200 && type === 'application/json') this.noteLists(operation.operationId, body);
    return body;
  }

  noteLists(place, value) {
    if (Array.isArray(value)) {
      if (value.length > 0) this.filled.add(place);
    } else if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) this.noteLists(`${place}.${name}`, inner);
    }
  }

  /** Lists of documents that had something in no answer. */
  neverFilled() {
    const empty = [];
    const walk = (place, schema, depth) => {
      const whole = this.resolved(schema);
      if (whole.type === 'array') {
        if (!this.filled.has(place)) empty.push(place);
      } else if (depth < 3) {
        for (const [name, inner] of Object.entries(whole.properties ?? {})) walk(`${place}.${name}`, inner, depth + 1);
      }
    };
    for (const { operation } of this.operations) {
      const schema = operation.responses['200']?.content?.['application/json']?.schema;
      if (schema !== undefined) walk(operation.operationId, schema, 0);
    }
    return empty;
  }
}
