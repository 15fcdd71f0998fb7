import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, freePort, startProgram, type Program } from '../../testing/start-program.ts'

export const command = findProgram('clickhouse-server')
export const auth = { user: 'bookend', password: 'planted-secret-of-clickhouse' }

/** A ClickHouse far east of Greenwich, so that a time without its zone shows. */
export async function startClickhouse(path: string): Promise<Program> {
  const tcpPort = await freePort()
  return await startProgram({
    command: path,
    prepare: async ({ port, folder }) => {
      const [config, users] = [join(folder, 'config.xml'), join(folder, 'users.xml')]
      await writeFile(config, configXml({ port, tcpPort, folder, users }))
      await writeFile(users, USERS_XML)
      return [`--config-file=${config}`]
    },
  })
}

const configXml = (place: {
  readonly port: number
  readonly tcpPort: number
  readonly folder: string
  readonly users: string
}): string => `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <http_port>${place.port}</http_port>
  <tcp_port>${place.tcpPort}</tcp_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${place.folder}/data/</path>
  <tmp_path>${place.folder}/tmp/</tmp_path>
  <mark_cache_size>67108864</mark_cache_size>
  <users_config>${place.users}</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>Asia/Kolkata</timezone>
</yandex>`

const userXml = (name: string, password: string): string => `<${name}>
  <password>${password}</password>
  <networks><ip>127.0.0.1</ip></networks>
  <profile>default</profile>
  <quota>default</quota>
</${name}>`

const USERS_XML = `<?xml version="1.0"?>
<yandex>
  <profiles><default></default></profiles>
  <users>${userXml('default', '')}${userXml(auth.user, auth.password)}</users>
  <quotas><default></default></quotas>
</yandex>`
