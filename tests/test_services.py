import psycopg
import redis


def test_every_database_is_fresh_and_as_careful_as_in_a_shop(postgres):
    one, other = postgres(), postgres()
    assert one != other
    with psycopg.connect(one.replace("+psycopg", "")) as connection:
        connection.execute("create table orders (id int)")
        settings = connection.execute(
            "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_version')"
        ).fetchone()
    assert settings is not None
    assert settings[:2] == ("on", "on")
    assert int(settings[2].split(".")[0]) >= 15
    with psycopg.connect(other.replace("+psycopg", "")) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        assert tables == (0,)


def test_valkey_answers(valkey):
    with redis.Redis.from_url(valkey) as client:
        assert client.ping()
