import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { openApi } from '../src/dashboard/openapi/open-api.js';

/** Writes the description of the dashboard's API that the package ships. A test compares it with the routes. */
const file = 'src/dashboard/openapi/openapi.json';
writeFileSync(file, JSON.stringify(openApi(), null, 2));
spawnSync('node_modules/.bin/biome', ['format', '--write', file], { stdio: 'inherit' });
