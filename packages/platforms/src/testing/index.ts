export {
  loadFixture,
  loadFixtures,
  rawRequest,
  type Fixture,
  type FixtureRequest,
} from './fixture.ts'
export { signAs, type Unsigned } from './sign.ts'
