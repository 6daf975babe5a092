// A file of records, opened to be read only: DuckDB itself refuses to change it, to open any other file but those of one folder, and
// to have these settings changed.

import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import duckdb from '@duckdb/node-bindings'
import type { Archive } from '../../store.ts'
import { createSession } from './session.ts'

export interface ArchiveOptions {
  readonly file: string
  /** A directory for answers that are files, and for what does not fit into memory. */
  readonly folder: string
}

/** Octets of memory, and of the folder. */
const mostMemory = () => `${Math.floor(Math.min(totalmem() / 4, 2e9) / 1e6)}MB`
const mostOnDisk = '8GB'

/** Throws the system's or DuckDB's error where the file cannot be opened. */
export async function openArchive({ file, folder }: ArchiveOptions): Promise<Archive> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const config = duckdb.create_config()
  // In this order: the folder is what may be written to once access is closed.
  for (const [name, value] of Object.entries({
    access_mode: 'READ_ONLY',
    memory_limit: mostMemory(),
    temp_directory: `${folder}/`,
    max_temp_directory_size: mostOnDisk,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
    lock_configuration: 'true',
  }))
    duckdb.set_config(config, name, value)
  const database = await duckdb.open(file, config)
  const connection = await duckdb.connect(database)
  return createSession(connection, folder, () => {
    duckdb.disconnect_sync(connection)
    duckdb.close_sync(database)
  })
}
