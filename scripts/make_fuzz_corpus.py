#!/usr/bin/env python3
"""Writes the fuzz targets' seed corpora to fuzz/corpus: frames as in the tests, and a small journal."""
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"


def write(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def write_tables(rows):
    write("table", "ms", rows)
    write("table", "iso", "timestamp,open,high,low,close,volume\n2023-03-01 00:00:00+00:00,1,2,0.5,1.5,10\n")
    write("table", "klines_bare", "1736899200000000,96500.00,96500.00,96498.00,96499.00,6.500,1736899259999999,627243.5,3,"
          "3.250,313621.75,0\n1736899260000,96499.00,96502.00,96497.50,96500.50,33.800,1736899319999,3261716.9,4,16.900,"
          "1630858.45,0\n")
    write("table", "semicolons", "Date;Open;High;Low;Close;Volume\n2025-01-15 00:00:00;96500,0;96.500,5;96498,0;96499,0;33.8K\n")
    write("table", "bybit_trades", "timestamp,symbol,side,size,price,tickDirection,trdMatchID\n"
          "1736899200.3700,XRPUSDT,Sell,97,2.3180,ZeroMinusTick,81e74ef5-e8e2\n")
    write("table", "aggregates", "77000,3211.05,0.200,90000,90001,1736899200000000,False,True\n"
          "77001,3.2e3,1e-9,90002,90002,1736899200100000,True,True\n")
    write("table", "tardis_book", "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
          "bybit,XRPUSDT,1736899200005000,1736899200008123,true,bid,2.3100,100\n"
          "bybit,XRPUSDT,1736899200105000,1736899200108123,false,ask,2.3101,0\n")
    write("table", "depth", "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
          "BTCUSDT,1736899200000,10,10,b,snap,96500,1.5,-1\nBTCUSDT,1736899200100,11,14,a,set,96501,0.7,10\n")
    write("table", "metrics", "create_time,symbol,sum_open_interest,count_long_short_ratio\n"
          "2025-01-15 00:05:00,ETHUSDT,1500001.0,1.4\n")
    write("table", "funding", "1736899200000,8,0.00010000\n1736928000000,8,-0.0002\n")
    write("table", "row", "60000,rest,5,5,4,b,1,2,a,3,4\n")


def write_captures():
    write("capture", "times", '1736899200015000 {"stream": "x@depth", "data": {"e": "depthUpdate", "E": 1736899200001, '
          '"pu": 1}}\n1736899200.5: {"topic":"publicTrade.X","ts":1736899200005}\n')
    write("capture", "cryptofeed", "wss://fstream.binance.com/stream <-> 1736899200.1\nhttps://fapi.binance.com/fapi/v1/depth"
          '?symbol=X -> 1736899200.3: {"lastUpdateId":5}\nconfiguration: {}\n')
    write("capture", "lists", '[[1736899200000, "1.5", {"a":[1]}, "x\\"y"],\n [2]]')
    write("capture", "objects", '[{"time":1736899200000,"open":"1,5"},{"time":2,"open":null}]')
    write("capture", "names", "BTC_USDT_USDT-1m-futures.json.gz\nXRPUSDT2025-01-15.csv.gz\num/markPriceKlines/X-1h.zip\n")
    for name, method in (("zip_stored", zipfile.ZIP_STORED), ("zip_deflated", zipfile.ZIP_DEFLATED)):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.csv", (2025, 1, 15, 0, 0, 0)), "time,open\n1,2\n" * 4, method)
        write("capture", name, packed.getvalue())


def main():
    source = (ROOT / "tests/exchange/malformed_frame_test.cpp").read_text()
    raw = re.findall(r'R"\((.*?)\)"', source, re.S)
    bybit = [text for text in raw if '"topic"' in text or '"op"' in text]
    binance = [text for text in raw if '"stream"' in text]
    for number, text in enumerate(bybit):
        write("bybit_stream", f"frame{number}", text)
        write("pipeline", f"bybit{number}", "\x00" + text + "\n" + text)
    for number, text in enumerate(binance):
        write("binance_stream", f"frame{number}", text)
        write("pipeline", f"binance{number}", "\x01" + text + "\n" + text)
    for number, (target, body) in enumerate(re.findall(r'\{"(/v5[^"]*)", R"\((.*?)\)"\}', source, re.S)):
        write("bybit_rest", f"body{number}", target + "\n" + body)
    write("binance_rest", "depth", '/fapi/v1/depth?symbol=X\n'
          '{"lastUpdateId":5,"E":1,"T":2,"bids":[["1","2"]],"asks":[["3","4"]]}')
    rows = "time,open,high,low,close,volume\n60000,1,2,0.5,1.5,10\n120000,1.5,2,1,1,5\n"
    write_tables(rows)
    write_captures()
    write("pipeline", "candles", "\x02" + "60000,1,2,0.5,1.5,10\n120000,1.5,2,1,1,5\n")
    for number, text in enumerate(["123.45", "-0.00000001", "2024-08-08T23:54:15.030Z", "1723161255000",
                                   "archive/candles/BTCUSDT/1m", "bybit/rest/v5/market/time"]):
        write("text", f"text{number}", text)
    write("weights", "standard", "[components]\norderflow = 0.5\nvolume = 0.5\n[technical]\nrsi = 1.0\n")
    write("config", "every_key", subprocess.run([sys.argv[1], "config", "init", "-"], check=True, capture_output=True).stdout)
    write("config", "mixed", '[engine]\nshards = 2 # two\n[universe]\nonly = ["A", \'B\']\nhysteresis = 0.25\n'
          '[events]\nwhale_trade = {multiple = 2}\n')
    write("config", "broken", "[log\nlevel = \n[api]\nlisten = \"\u00fc\" # \u00fc\nlisten = 1979-05-27\n")
    write("alerts", "rule", "long-btc: kind=signal symbols=BTCUSDT side=long to=team cooldown=5m digest=1m score>=70 "
          "quiet=22:00-07:00@Europe/Berlin wake=critical")
    write("alerts", "webhook", "hook: webhook url=https://example.org/a secret=env:KEY ca=/a.pem kind=signal per_minute=5")
    write("alerts", "telegram", "t: telegram token=file:/a chat=-100 api=http://127.0.0.1:1 severity=warning")
    write("alerts", "email", "m: email server=smtps://a.org:465 user=a password=env:P from=a@b.org to=c@d.org,e@f.org")
    write("alerts", "message", '{"key":"k","sink":"s","rule":"r","made":1,"digest":"none","total":1,"held_back":0,'
          '"occurrences":[{"kind":"signal","symbol":"X","severity":"info","time":1,"words":{"side":"long"},'
          '"numbers":{"score":1.5},"sentence":"s","link":""}]}')
    for name, params in [("initialize", '{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}'),
                         ("tools/list", "{}"), ("tools/call", '{"name":"explain_score","arguments":{"symbol":"BTCUSDT"}}'),
                         ("server/discover", '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}')]:
        write("mcp", name.replace("/", "_"), f'{{"jsonrpc":"2.0","id":1,"method":"{name}","params":{params}}}')
    write("validation", "health", '{"schema":"virtuoso.health/1","live":true,"ready":true,"uptime_ms":5,"symbols":1,"deep":1,"deep_whole":1,'
          '"parts":[{"name":"store","good":false,"detail":"d"}],"queues":[{"waiting":1,"capacity":2,"dropped":3}],'
          '"worst_symbols":[{"symbol":"X","deep":true,"whole":false,"memory_bytes":1,"concerns":["c"]}]}')
    write("validation", "keeper", '{"schema":"virtuoso.keeper/1","schedule":{"interval_ms":1,"next_in_ms":-5},"pressure":{"stage":"soft"},'
          '"memory":{"resident_bytes":1,"limit_bytes":2},"runs":[{"number":1,"started_ms":1,"late_ms":2,"error":null,"line":"l"}]}')
    write("validation", "process", '{"schema":"virtuoso.process/1","id":1,"started_ms":1,"initialised":[{"name":"log","took_ms":1.5}],'
          '"histories":{"rounds":1,"successful":2,"failed":1,"took_ms":3}}')
    write("validation", "metrics", 'virtuoso_feed_frames_total{shard="0"} 5\nvirtuoso_socket_to_score_seconds_bucket{le="+Inf"} 3\n')
    write("validation", "report", '{"schema":"virtuoso.validation/1","begun_ms":1,"criteria":[{"id":"KEEP-1","judgement":"PASS"}],'
          '"performance":[{"name":"threads","value":1}]}')
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    messages = b"\x81\x05hello" + b"\x82\x7e\x00\x80" + b"x" * 128 + b"\x89\x04ping" + b"\x01\x02he\x80\x03llo"
    write("web_socket_frames", "mixed", b"\x06" + answer + messages + b"\x88\x02\x03\xe8")
    write("web_socket_frames", "long", b"\xff" + answer + b"\x81\x7f" + bytes(5) + b"\x01\x00\x01" + b"y" * 400)
    breakdown = ('{"schema":"virtuoso.confluence/1","symbol":"X","exchange":"bybit","as_of_ms":1,"score":71.5,"signal":"LONG",'
                 '"raw_signal":"LONG","coverage":0.9,"components":{"volume":{"score":80.5,"impact":12.5,"interpretation":"a b",'
                 '"sub":{"cvd":{"score":50,"raw":{"delta":1.5},"reading":"neutral","absent":null}}}},"insights":["one"],'
                 '"turning_points":["two"],"service":{"concerns":["three"]}}')
    write("validation", "breakdown", breakdown)
    write("screen", "keys", b"\x50\x18j\x1b[6~/bt\x1bOA\r\x1b[A\x7f?n\nBTCUSDT\n")
    write("screen", "breakdown", b"\x27\x0cj\r\x1b[B\x1b[F\n\xe5\xb8\x81USDT\n" + breakdown.encode())
    with tempfile.TemporaryDirectory() as folder:
        lines, journal = pathlib.Path(folder, "a.jsonl"), pathlib.Path(folder, "a.journal")
        lines.write_text("\n".join(bybit[:1] * 3) + "\n")
        subprocess.run([sys.argv[1], "import", str(lines), "-o", str(journal)], check=True, stdout=subprocess.DEVNULL)
        write("journal_reader", "small", journal.read_bytes())


if __name__ == "__main__":
    main()
