import { journey } from '@bookend/sdk'

export default journey('feed-analytics', {
  // After the analyzers: their results are columns of the row.
  on: 'call.analyzed',
  connections: { warehouse: 'clickhouse/warehouse' },

  async run({ call, step, connections: { warehouse } }) {
    await step('row', () => warehouse.analytics.write({ call, table: 'calls' }))
  },
})
