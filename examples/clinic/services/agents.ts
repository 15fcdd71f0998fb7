import type { RouteInput } from '@bookend/contract'

type AgentBody = RouteInput<'createAgent'>['body']

const shared = {
  language: 'en',
  pre_call_webhook_url: 'workflow:clinic-intake',
  pre_call_webhook_timeout: 5,
  pre_call_webhook_enabled: true,
  default_parameters: {
    customer_name: 'there',
    patient_known: false,
    household: '',
    vip: false,
    next_appointment: 'unknown',
    open_cases: 0,
    urgent_case: '',
    open_tickets: 0,
    insurance_status: 'unknown',
    overdue_amount: 0,
    clinic_open: true,
    opening_hours: 'unknown',
  },
  analyzers: [
    { title: 'sentiment', kind: 'sentiment', options: { field: 'score' } },
    { title: 'talk', kind: 'talk_ratio' },
    {
      title: 'worries',
      kind: 'keywords',
      options: { words: ['pain', 'bleeding', 'fever', 'emergency', 'complaint'], speaker: 'user' },
    },
    {
      title: 'verdict',
      kind: 'outcome',
      options: {
        rules: [
          { if: 'call.analysis.sentiment < -0.4', result: 'call back' },
          { if: 'call.analysis.worries.total > 0', result: 'tell the nurse' },
        ],
        otherwise: 'fine',
      },
    },
    {
      title: 'summary',
      prompt: 'What did the caller want, and what was agreed? Two sentences at most.',
      output_config: { type: 'string', properties: {} },
    },
  ],
} satisfies Partial<AgentBody>

const FACTS = `
What we know about the caller, from our own records:
- a known patient: {{patient_known}}; VIP: {{vip}}
- if the number is shared, one of: {{household}}
- next appointment: {{next_appointment}}
- open cases: {{open_cases}}; the urgent one: {{urgent_case}}; open tickets: {{open_tickets}}
- insurance: {{insurance_status}}; overdue: {{overdue_amount}} dollars
- open at the moment: {{clinic_open}}; our hours: {{opening_hours}}

Ask for the date of birth before you tell any of it. If the caller names an emergency, say to call
911 now.`

export const FRONT_DESK = 'Front Desk'
export const URGENT_NURSE = 'Urgent Nurse'

export const AGENTS: readonly (AgentBody & { readonly name: string })[] = [
  {
    ...shared,
    name: FRONT_DESK,
    prompt: `You answer the phone of Harbor Street Clinic. You are talking to {{customer_name}}.
Book, move and cancel appointments, take requests for prescriptions, and answer questions about bills.
${FACTS}
Mention an overdue amount only if it is above zero, once, and kindly.`,
    first_message: 'Hi {{customer_name}}, this is Harbor Street Clinic. How can I help you today?',
  },
  {
    ...shared,
    name: URGENT_NURSE,
    prompt: `You are the nurse on call of Harbor Street Clinic. {{customer_name}} has an urgent case with us.
Ask how the caller feels now, compare it with the case, and decide: 911, the doctor today, or a visit.
${FACTS}`,
    first_message:
      'Hello {{customer_name}}, this is the nurse at Harbor Street. How are you feeling?',
  },
]

/** Which agent answers which number. */
export const NUMBERS = [
  { number: '+15550100900', label: 'Harbor Street Clinic', agent: FRONT_DESK },
  { number: '+15550100901', label: 'Urgent line', agent: URGENT_NURSE },
] as const
