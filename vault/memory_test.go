package vault_test

const memoryEnv = "HOMEWARD_VAULT_TEST_MEMORY"

func memoryChild() int { return 0 }
