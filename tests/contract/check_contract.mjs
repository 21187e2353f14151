// Asks every path of a running service, with all that can go wrong, and holds each answer against the contract:
// check_contract.mjs VIRTUOSO
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import { Contract } from './contract.mjs';
import { badValues, goodValues } from './questions.mjs';
import { Service } from './service.mjs';
import { outcomesOf, scoresBefore } from './past.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const tool = (name, ...words) => promisify(execFile)(join(here, 'node_modules/.bin', name), words, { cwd: here })
  .catch((error) => { throw new Error(`${name}: ${error.stdout}${error.stderr}`); });
// A simulated market has some of these sometimes.
const mayBeEmpty = ['getMovers.gainers', 'getMovers.losers', 'getSymbol.row.concerns', 'getConfluence.service.concerns',
  'getConfluence.insights', 'getInterpretations.insights', 'getDerivatives.liquidations'];
let asked = 0;
let contract;

async function expect(service, operation, target, statuses, how) {
  const answer = await service.ask(target, how);
  ++asked;
  if (!statuses.includes(answer.status)) {
    throw new Error(`${how?.method ?? 'GET'} ${target}: ${answer.status} instead of ${statuses}: ${answer.text.slice(0, 400)}`);
  }
  return contract.check(operation, answer);
}

/** The document itself, by tools that know nothing of this project. */
async function checkDocument() {
  const validator = new Validator();
  const judged = await validator.validate(JSON.parse(JSON.stringify(contract.document)));
  if (!judged.valid || validator.version !== '3.1') throw new Error(`no OpenAPI 3.1: ${JSON.stringify(judged.errors)}`);
  await tool('spectral', 'lint', '--fail-severity', 'warn', '--ruleset', 'ruleset.yaml', '../../src/api/openapi.json');
}

/** What stands in braces, that which is there and that which is not. */
async function pathValues(service) {
  const { signals: [signal] } = await service.json('/api/v1/signals');
  service.remember(outcomesOf(signal));
  return {
    symbol: { good: ['BTCUSDT'], missing: ['NOPEUSDT', '%3Cscript%3E', 'btcusdt', 'x'.repeat(41)] },
    id: { good: [signal.id], missing: ['nope', '%27%3B--', encodeURIComponent(`${signal.id} `)] },
    number: { good: ['1'], missing: ['0', '999999', '1e0', '99999999999999999999'] },
  };
}

async function checkParameter(service, operation, path, parameter, examples) {
  const schema = contract.resolved(parameter.schema);
  const whole = schema.type === 'array' ? { ...schema, items: contract.resolved(schema.items) } : schema;
  for (const value of goodValues(whole, examples.good[parameter.name])) {
    await expect(service, operation, `${path}?${parameter.name}=${value}`, [200]);
  }
  for (const value of badValues(whole, examples.bad[parameter.name])) {
    await expect(service, operation, `${path}?${parameter.name}=${value}`, [400]);
  }
  const one = goodValues(whole, examples.good[parameter.name])[0];
  await expect(service, operation, `${path}?${parameter.name}=${one}&${parameter.name}=${one}`, [400]);
}

async function checkGet(service, operation, values, examples) {
  const inPath = operation.parameters.find((parameter) => parameter.in === 'path');
  const at = (value) => (inPath ? operation.path.replace(`{${inPath.name}}`, value) : operation.path);
  const path = at(inPath ? values[inPath.name].good[0] : '');
  await expect(service, operation, path, [200]);
  await expect(service, operation, path, [200], { method: 'HEAD' });
  await expect(service, operation, path, [304], { headers: { 'If-None-Match': '*' } });
  for (const missing of inPath ? values[inPath.name].missing : []) await expect(service, operation, at(missing), [404]);
  for (const parameter of operation.parameters.filter((one) => one.in === 'query')) {
    await checkParameter(service, operation, path, parameter, examples);
  }
  await expect(service, operation, `${path}?nope=1`, [400]);
  await expect(service, operation, path, [403], { headers: { Host: 'evil.example' } });
  for (const method of ['PUT', 'DELETE', 'POST', 'PATCH']) {
    await expect(service, operation, path, [405], { method });
  }
}

async function checkKeeper(service) {
  const operation = contract.operations.find(({ method }) => method === 'POST');
  const json = { 'Content-Type': 'application/json' };
  const post = (status, headers, body = '{}', query = '') =>
    expect(service, operation, operation.path + query, [status], { method: 'POST', headers, body });
  const { number } = await post(202, json);
  await post(202, json, '');
  await post(400, json, '{"force":true}');
  await post(400, json, '{}', '?now=1');
  await post(403, { ...json, Origin: 'https://evil.example' });
  await post(403, { ...json, 'Sec-Fetch-Site': 'cross-site' });
  await post(415, { 'Content-Type': 'text/plain' });
  await expect(service, operation, operation.path, [405]);
  const record = contract.operations.find(({ path }) => path === '/api/v1/keeper/runs/{number}');
  await service.becomes(`run ${number} is over`, async () => {
    const told = await expect(service, record, `/api/v1/keeper/runs/${number}`, [200]);
    return told.over && told.run.number === number;
  });
}

/** Before anything is known, without a store, and where nothing is. */
async function checkAbsence(binary) {
  const service = await Service.start(binary, ['--sim-symbols', '2', '--store', 'off']);
  try {
    await checkAbsent(service);
  } finally {
    await service.stop();
  }
}

async function checkAbsent(service) {
  for (const operation of contract.operations.filter(({ path }) => ['/health/live', '/health/ready', '/api/v1/overview',
    '/api/v1/movers', '/api/v1/account'].includes(path))) {
    await expect(service, operation, operation.path, [200, 503]);
  }
  await service.becomes('ready without a store', async () => (await service.ask('/health/ready')).status === 200);
  for (const operation of contract.operations.filter(({ operation: { tags } }) => tags.includes('past'))) {
    await expect(service, operation, operation.path.replace('{symbol}', 'BTCUSDT').replace('{id}', 'x'), [503]);
  }
  const anything = { method: 'GET', path: 'anything', operation: { operationId: 'none', responses: {
    404: contract.document.components.responses.NotFound } } };
  for (const target of ['/api', '/api/v1', '/api/v1/', '/api/v1/nope', '/api/v1/symbols/', '/api/v1/symbols/a/b/book',
    '/api/v1/overview/', '//api/v1/overview', '/api/v1/%6fverview', '/api/v1/../../etc/passwd']) {
    await expect(service, anything, target, [404]);
  }
}

/** Types made from what the service serves, checked against a client that is then run. */
async function checkClient(service) {
  const made = join(here, 'node_modules/.made');
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, 'contract.d.ts'), astToString(await openapiTS(await service.json('/api/v1/openapi.json'))));
  await tool('tsc', '--project', 'tsconfig.json');
  const { useClient } = await import(join(made, 'client.js'));
  return useClient(service.url);
}

async function checkService(service) {
  await service.becomes('a signal, events, an alert, and every symbol whole', async () => {
    const [{ signals }, { events }, { alerts }, { whole, symbols }] = await Promise.all([service.json('/api/v1/signals'),
      service.json('/api/v1/events'), service.json('/api/v1/alerts'), service.json('/api/v1/health')]);
    return signals.length > 0 && events.length > 0 && alerts.length > 0 && whole === symbols;
  });
  const { next_cursor: cursor } = await service.json('/api/v1/symbols?limit=1');
  const now = Date.now();
  const examples = {
    good: { symbol: ['BTCUSDT'], cursor: [encodeURIComponent(cursor)], from: [0, now], to: [now], since: [0, now], until: [now],
      sink: ['console', 'gone'] },
    bad: { sink: ['%3Cb%3E', 'a%20b', 'x'.repeat(41)], symbol: ['%3Cb%3E', 'A%20B', '%0a'], cursor: ['nope', '1~', 'nan~BTCUSDT', '1~%3Cb%3E'] },
  };
  const values = await pathValues(service);
  for (const operation of contract.operations.filter(({ method }) => method === 'GET')) {
    await checkGet(service, operation, values, examples);
  }
  await checkKeeper(service);
}

const [binary] = process.argv.slice(2);
const service = await Service.start(binary, ['--sim-symbols', '12', '--thresholds', '53/42'],
  { VIRTUOSO_ALERTS_RULES: 'all: to=console' });
try {
  service.remember(scoresBefore(Date.now()));
  contract = new Contract(await service.json('/api/v1/openapi.json'));
  const [, , , client] = await Promise.all([checkDocument(), checkAbsence(binary), checkService(service), checkClient(service)]);
  const unasked = contract.operations.filter(({ operation }) => !contract.answered.has(operation.operationId));
  if (unasked.length > 0) throw new Error(`never asked: ${unasked.map(({ path }) => path)}`);
  const empty = contract.neverFilled().filter((place) => !mayBeEmpty.includes(place));
  if (empty.length > 0) throw new Error(`nothing stood in any answer's ${empty}`);
  console.log(`${asked} answers of ${contract.operations.length} operations keep the contract; ${client}`);
} finally {
  await service.stop();
}
