// The programs that a collector's store is made of, each with its Debian package.

import type { Programs } from '../../part.ts'
import type { Store } from '../../topology/topology.ts'

export const servers: Readonly<Partial<Record<Store, Programs>>> = {
  sqlite: { package: 'sqlite3', programs: ['sqlite3'], version: '--version' },
  postgresql: {
    package: 'postgresql',
    programs: ['/usr/lib/postgresql/15/bin/postgres', '/usr/lib/postgresql/15/bin/initdb', 'psql', 'setpriv'],
    version: '--version',
  },
  mariadb: {
    package: 'mariadb-server',
    programs: ['mariadbd', 'mariadb-install-db', 'mariadb'],
    version: '--version',
  },
}
