import type { PlatformAdapter } from './adapter.ts'
import { assemblyAi } from './assemblyai/index.ts'
import { bland } from './bland/index.ts'
import { elevenLabs } from './elevenlabs/index.ts'
import { jambonz } from './jambonz/index.ts'
import { liveKit } from './livekit/index.ts'
import type { PlatformId } from './neutral.ts'
import { retell } from './retell/index.ts'
import { simpleAi } from './simple-ai/index.ts'
import { sip } from './sip/index.ts'
import { telnyx } from './telnyx/index.ts'
import { twilio } from './twilio/index.ts'
import { vapi } from './vapi/index.ts'

/** Every adapter, by its id. */
export const platforms: Readonly<Record<PlatformId, PlatformAdapter>> = {
  'simple-ai': simpleAi,
  retell,
  vapi,
  elevenlabs: elevenLabs,
  twilio,
  telnyx,
  bland,
  assemblyai: assemblyAi,
  livekit: liveKit,
  jambonz,
  sip,
}
