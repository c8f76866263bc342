pytest_plugins = ["tests.services", "tests.house"]
