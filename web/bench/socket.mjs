// WebSockets as plain as a measurement needs them, of both sides: texts, no extensions.
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

function framed(opcode, payload, masked) {
  const length = payload.length;
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + size);
  head[0] = 0x80 | opcode;
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) {
    head.writeUInt16BE(length, 2);
  } else if (size === 8) {
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (!masked) {
    return Buffer.concat([head, payload]);
  }
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4])]);
}

/** The first frame in the bytes: how long it has to be, and what it holds once it is so long. */
function frameIn(bytes) {
  const short = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
  const size = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = bytes.length >= 2 && (bytes[1] & 0x80) !== 0 ? 4 : 0;
  const begin = 2 + size + mask;
  if (bytes.length < begin) {
    return { length: begin };
  }
  const length = begin + (size === 0 ? short : size === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
  const payload = bytes.subarray(begin, length);
  return { length, opcode: bytes[0] & 0x0f, payload: mask ? payload.map((byte, i) => byte ^ bytes[begin - 4 + (i % 4)]) : payload };
}

/** Takes bytes as they come, and gives frames as they are whole. */
class FrameReader {
  waiting = [];
  length = 0;
  wanted = 2;
  take(piece, give) {
    this.waiting.push(piece);
    this.length += piece.length;
    while (this.length >= this.wanted) {
      const bytes = Buffer.concat(this.waiting);
      const frame = frameIn(bytes);
      const whole = bytes.length >= frame.length && frame.payload !== undefined;
      if (whole) {
        give(frame.opcode, frame.payload);
      }
      this.waiting = [whole ? bytes.subarray(frame.length) : bytes];
      this.length = this.waiting[0].length;
      this.wanted = whole ? 2 : frame.length;
    }
  }
}

const ping = 9;
const text = 1;

function follow(socket, masked, onText) {
  const frames = new FrameReader();
  socket.on('data', (piece) =>
    frames.take(piece, (opcode, payload) => {
      if (opcode === ping) {
        socket.write(framed(10, Buffer.from(payload), masked));
      } else if (opcode === text) {
        onText(payload);
      }
    }),
  );
  return { socket, send: (message) => socket.write(framed(text, Buffer.from(message), masked)) };
}

/** Opens one at a service's /ws; `onText` gets the bytes of each message. */
export async function openSocket(url, onText) {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
  let answer = Buffer.alloc(0);
  while (!answer.includes('\r\n\r\n')) {
    answer = Buffer.concat([answer, await new Promise((resolve) => socket.once('data', resolve))]);
  }
  if (!answer.toString().startsWith('HTTP/1.1 101')) {
    throw new Error(`no WebSocket: ${answer.toString().split('\r\n')[0]}`);
  }
  socket.unshift(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
  return follow(socket, true, onText);
}

/** Answers a page that asks for one, on a server's `upgrade`. */
export function acceptSocket(request, socket, onText) {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const protocol = (request.headers['sec-websocket-protocol'] ?? '').split(',')[0].trim();
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}\r\n`);
  return follow(socket, false, onText);
}
