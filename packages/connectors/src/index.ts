import { bigquery } from './bigquery/index.ts'
import { caldav } from './caldav/index.ts'
import { clickhouse } from './clickhouse/index.ts'
import { events } from './events/index.ts'
import { googleCalendar } from './google-calendar/index.ts'
import { http } from './http/index.ts'
import { hubspot } from './hubspot/index.ts'
import { intercom } from './intercom/index.ts'
import { kafka } from './kafka/index.ts'
import { mysql } from './mysql/index.ts'
import { postgres } from './postgres/index.ts'
import { redis } from './redis/index.ts'
import { resend } from './resend/index.ts'
import { s3 } from './s3/index.ts'
import { salesforce } from './salesforce/index.ts'
import { sendgrid } from './sendgrid/index.ts'
import { slack } from './slack/index.ts'
import { smtp } from './smtp/index.ts'
import { snowflake } from './snowflake/index.ts'
import { teams } from './teams/index.ts'
import { twilio } from './twilio/index.ts'
import { zendesk } from './zendesk/index.ts'

export {
  bigquery,
  caldav,
  clickhouse,
  events,
  googleCalendar,
  http,
  hubspot,
  intercom,
  kafka,
  mysql,
  postgres,
  redis,
  resend,
  s3,
  salesforce,
  sendgrid,
  slack,
  smtp,
  snowflake,
  teams,
  twilio,
  zendesk,
}

/** Every connector, by its id. */
export const connectors = {
  bigquery,
  caldav,
  clickhouse,
  events,
  'google-calendar': googleCalendar,
  http,
  hubspot,
  intercom,
  kafka,
  mysql,
  postgres,
  redis,
  resend,
  s3,
  salesforce,
  sendgrid,
  slack,
  smtp,
  snowflake,
  teams,
  twilio,
  zendesk,
}
