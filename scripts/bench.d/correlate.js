// SPDX-License-Identifier: Apache-2.0
// What DuckDB does with the same figures in a table of its own: correlate.js CSV THREADS REPEATS. Prints
// the seconds of loading it, then those of the correlation of all pairs, a line each repeat.
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
	const [csv, threads, repeats] = process.argv.slice(2);
	const db = await (await DuckDBInstance.create(':memory:')).connect();
	await db.run(`SET threads = ${Number(threads)}`);
	const timed = async (sql) => {
		const start = process.hrtime.bigint();
		const rows = (await db.runAndReadAll(sql)).getRows();
		return [Number(process.hrtime.bigint() - start) / 1e9, rows];
	};
	console.log('load', (await timed(`CREATE TABLE t AS SELECT * FROM read_csv('${csv}')`))[0]);
	const names = (await timed('DESCRIBE t'))[1].map((row) => row[0]);
	const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => `corr("${a}", "${b}")`));
	for (let i = 0; i < Number(repeats); i++)
		console.log('pairs', (await timed(`SELECT ${pairs.join(', ')} FROM t`))[0]);
}

main();
