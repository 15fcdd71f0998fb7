import { configure } from '@testing-library/react'

// What is waited for comes late on a busy machine, and is no less right for it.
configure({ asyncUtilTimeout: 10_000 })
