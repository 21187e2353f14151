// Asks a running service as language models do, by the official clients of the Model Context Protocol, of the revisions with a
// handshake and of the one without, over both transports: check_mcp.mjs VIRTUOSO
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Service } from './service.mjs';

const [binary] = process.argv.slice(2);
const info = { name: 'virtuoso-test', version: '1' };
const modern = { versionNegotiation: { mode: { pin: '2026-07-28' } } };
const tools = ['market_overview', 'top_signals', 'explain_score', 'symbol_history', 'signal_outcomes', 'events', 'health'];
let answers = 0;

const expect = (truth, what) => {
  if (!truth) throw new Error(what);
};

async function converse(how, client, transport) {
  await client.connect(transport);
  const listed = (await client.listTools()).tools.map((tool) => tool.name);
  expect(JSON.stringify(listed) === JSON.stringify(tools), `${how} lists ${listed}`);
  const call = async (name, args = {}) => {
    const result = await client.callTool({ name, arguments: args });
    ++answers;
    return result;
  };
  const document = async (name, schema, args) => {
    const result = await call(name, args);
    expect(!result.isError, `${how}, ${name}: ${result.content?.[0]?.text}`);
    expect(result.structuredContent.schema === schema, `${how}, ${name} tells ${result.structuredContent.schema}, not ${schema}`);
    expect(JSON.stringify(JSON.parse(result.content[0].text)) === JSON.stringify(result.structuredContent), `${how}, ${name}: text and structure differ`);
    return result.structuredContent;
  };
  await document('market_overview', 'virtuoso.overview/1');
  const { symbols } = await document('top_signals', 'virtuoso.symbols/1', { sort: 'score', order: 'desc', limit: 3 });
  expect(symbols.length === 3 && symbols[0].score >= symbols[2].score, `${how}: ${JSON.stringify(symbols)}`);
  const breakdown = await document('explain_score', 'virtuoso.confluence/1', { symbol: symbols[0].symbol });
  expect(breakdown.symbol === symbols[0].symbol && Object.keys(breakdown.components).length === 6, `${how}: no breakdown`);
  await document('symbol_history', 'virtuoso.scores/1', { symbol: 'BTCUSDT', step: 1 });
  await document('signal_outcomes', 'virtuoso.outcomes/1', { horizon: '1h' });
  await document('events', 'virtuoso.events/1', { severity: 'info', limit: 5 });
  await document('health', 'virtuoso.health/1', { symbols: 3 });
  for (const [name, args, words] of [['explain_score', { symbol: 'NOPEUSDT' }, 'NOPEUSDT'], ['top_signals', { sort: 'luck' }, 'luck']]) {
    const refused = await call(name, args);
    expect(refused.isError && refused.content[0].text.includes(words), `${how}, ${name}: ${JSON.stringify(refused)}`);
  }
  await call('explain_score').then(() => { throw new Error(`${how}: a call without its symbol is answered`); },
    (error) => expect(error.code === -32602, `${how}: ${error}`));
  await client.close();
}

const service = await Service.start(binary, ['--sim-symbols', '6']);
try {
  await service.becomes('scored', async () => {
    const { symbols } = await service.json('/api/v1/symbols');
    return symbols.length === 6 && symbols.filter((row) => row.score !== null).length >= 3;
  });
  const stdio = { command: binary, args: ['mcp', '--url', service.url] };
  const url = new URL(`${service.url}/mcp`);
  await converse('stdio', new Client(info), new StdioClientTransport(stdio));
  await converse('HTTP', new Client(info), new StreamableHTTPClientTransport(url));
  await converse('stdio without a handshake', new ModernClient(info, modern), new ModernStdio(stdio));
  await converse('HTTP without a handshake', new ModernClient(info, modern), new ModernHttp(url));
  const foreign = await service.ask('/mcp', { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example' }, body: '{}' });
  expect(foreign.status === 403, `another site's page is answered with ${foreign.status}`);
  expect((await service.ask('/mcp')).status === 405, 'a stream of the server is offered');
  console.log(`${answers} calls by two official clients over two transports are answered as they expect`);
} finally {
  await service.stop();
}
