import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'undici';

export type Pictures = {
  put(name: string, picture: Buffer): Promise<void>;
  get(name: string): Promise<Buffer | undefined>;
};

function onDisk(folder: string): Pictures {
  mkdirSync(folder, { recursive: true });
  return {
    put: (name, picture) => writeFile(`${folder}/${name}`, picture),
    get: (name) => readFile(`${folder}/${name}`).catch(() => undefined),
  };
}

function inStorage(origin: string): Pictures {
  const ask = async (method: 'GET' | 'PUT', name: string, body?: Buffer) => {
    const limits = { headersTimeout: 1_000, bodyTimeout: 1_000 };
    const answer = await request(`${origin}/${name}`, { method, body, ...limits });
    const content = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode >= 500) throw new Error(`${method} ${name}: ${answer.statusCode}`);
    return { status: answer.statusCode, content };
  };
  return {
    put: async (name, picture) => void (await ask('PUT', name, picture)),
    get: async (name) => {
      const { status, content } = await ask('GET', name);
      return status === 200 ? content : undefined;
    },
  };
}

/** Pictures in the storage at `http://…`, or in the folder of that path. */
export function picturesAt(place: string): Pictures {
  return place.startsWith('http:') ? inStorage(place) : onDisk(place);
}
