// The patients of the demo. Days count from the day of seeding, at the clinic.

interface SeedPatient {
  readonly phone: string
  readonly name: readonly [first: string, last: string]
  readonly email: string | null
  readonly vip?: boolean
  readonly memberForDays: number
  readonly appointments?: readonly {
    readonly inDays: number
    readonly time: string
    readonly doctor: string
    readonly reason: string
    readonly status?: 'kept' | 'missed' | 'cancelled'
  }[]
  readonly insurance?: {
    readonly provider: string
    readonly plan: string
    readonly endsInDays: number
  }
  readonly invoices?: readonly {
    readonly cents: number
    readonly dueInDays: number
    readonly paidInDays?: number
  }[]
  readonly cases?: readonly {
    readonly title: string
    readonly urgency: 'routine' | 'urgent'
    readonly status?: 'closed'
  }[]
  readonly tickets?: readonly string[]
}

const LINDQVIST = 'Dr. Lindqvist'
const CHEN = 'Dr. Chen'
const BAPTISTE = 'Dr. Baptiste'
const harbor = (endsInDays: number) =>
  ({ provider: 'Harbor Mutual', plan: 'Family', endsInDays }) as const
const beacon = (endsInDays: number) =>
  ({ provider: 'Beacon Health', plan: 'Essential', endsInDays }) as const

export const SEED: readonly SeedPatient[] = [
  {
    phone: '+15550100001',
    name: ['Ada', 'Okafor'],
    email: 'ada.okafor@example.com',
    vip: true,
    memberForDays: 2_900,
    appointments: [
      { inDays: 1, time: '14:30', doctor: LINDQVIST, reason: 'Asthma review' },
      { inDays: 40, time: '09:15', doctor: CHEN, reason: 'Blood pressure check' },
      { inDays: -62, time: '10:00', doctor: LINDQVIST, reason: 'Asthma review', status: 'kept' },
    ],
    insurance: harbor(210),
    invoices: [{ cents: 4_200, dueInDays: -50, paidInDays: -55 }],
    tickets: ['Inhaler: pharmacy asks for a new prescription'],
  },
  {
    phone: '+15550100002',
    name: ['Marcus', 'Bell'],
    email: 'marcus.bell@example.com',
    memberForDays: 700,
    appointments: [{ inDays: 12, time: '11:45', doctor: CHEN, reason: 'Knee, second visit' }],
    insurance: beacon(95),
    invoices: [
      { cents: 8_450, dueInDays: -21 },
      { cents: 12_000, dueInDays: -10 },
      { cents: 6_000, dueInDays: 14 },
    ],
  },
  {
    phone: '+15550100003',
    name: ['Rosa', 'Delgado'],
    email: 'rosa.delgado@example.com',
    memberForDays: 1_500,
    appointments: [{ inDays: 3, time: '08:30', doctor: BAPTISTE, reason: 'After discharge' }],
    insurance: harbor(300),
    cases: [
      { title: 'Shortness of breath after heart surgery', urgency: 'urgent' },
      { title: 'Wound check', urgency: 'routine' },
    ],
  },
  {
    phone: '+15550100004',
    name: ['Tomasz', 'Zieliński'],
    email: 'tomasz.z@example.com',
    memberForDays: 90,
    appointments: [{ inDays: 8, time: '16:00', doctor: CHEN, reason: 'New patient visit' }],
  },
  {
    phone: '+15550100005',
    name: ['Nora', 'Whitfield'],
    email: 'nora@whitfield.example',
    memberForDays: 2_000,
    appointments: [{ inDays: 5, time: '13:00', doctor: BAPTISTE, reason: 'Prenatal visit' }],
    insurance: harbor(150),
  },
  {
    phone: '+15550100005',
    name: ['Eli', 'Whitfield'],
    email: 'eli@whitfield.example',
    memberForDays: 2_000,
    insurance: harbor(150),
    cases: [{ title: 'Sleep study', urgency: 'routine' }],
  },
  {
    phone: '+15550100007',
    name: ['Priya', 'Raman'],
    email: 'priya.raman@example.com',
    memberForDays: 1_100,
    appointments: [{ inDays: 2, time: '10:30', doctor: LINDQVIST, reason: 'Allergy shots' }],
    insurance: beacon(-30),
  },
  {
    phone: '+15550100008',
    name: ['Henrik', 'Solberg'],
    email: null,
    memberForDays: 3_400,
    insurance: harbor(60),
    cases: [
      { title: 'Physiotherapy referral', urgency: 'routine' },
      { title: 'Fall at home', urgency: 'urgent', status: 'closed' },
    ],
  },
  {
    phone: '+15550100009',
    name: ['Mei-Ling', 'Chow'],
    email: 'meiling.chow@example.com',
    memberForDays: 4_600,
    insurance: beacon(330),
    invoices: [{ cents: 2_500, dueInDays: -2 }],
  },
  {
    phone: '+15550100010',
    name: ['Samuel', 'Adeyemi'],
    email: 'samuel.adeyemi@example.com',
    memberForDays: 420,
    appointments: [
      { inDays: -9, time: '09:00', doctor: CHEN, reason: 'Yearly check', status: 'missed' },
      { inDays: 4, time: '09:00', doctor: CHEN, reason: 'Yearly check', status: 'cancelled' },
    ],
    insurance: beacon(12),
  },
  {
    phone: '+15550100011',
    name: ['Siobhán', 'O’Neill'],
    email: 'siobhan.oneill@example.com',
    memberForDays: 260,
    appointments: [{ inDays: 21, time: '15:15', doctor: BAPTISTE, reason: 'Thyroid review' }],
    insurance: harbor(0),
  },
  {
    phone: '+15550100012',
    name: ['George', 'Papadopoulos'],
    email: 'george.p@example.com',
    memberForDays: 1_900,
    insurance: harbor(180),
    invoices: [{ cents: 31_900, dueInDays: -45 }],
    tickets: ['Wheelchair access at the side door', 'Copy of records for a new specialist'],
  },
]
