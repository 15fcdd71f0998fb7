export { loadFixture, loadFixtures, type Fixture, type FixtureRequest } from './fixture.ts'
export { signAs, type Unsigned } from './sign.ts'
