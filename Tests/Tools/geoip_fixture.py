#!/usr/bin/env python3
"""Write fixtures/geoip/places.mmdb: a few made-up records in the layout of a City database.

Needs `pip install mmdb_writer netaddr`. The file is committed; run this only to change it.
"""
import pathlib

from mmdb_writer import MMDBWriter
from netaddr import IPSet

PLACES = {
    # Addresses of RFC 5737 and RFC 3849: documentation only.
    "192.0.2.0/25": {
        "city": {"names": {"en": "Vienna", "de": "Wien"}},
        "continent": {"code": "EU", "names": {"en": "Europe", "de": "Europa"}},
        "country": {"iso_code": "AT", "names": {"en": "Austria", "de": "Österreich"}},
        "subdivisions": [{"iso_code": "9", "names": {"en": "Vienna"}}],
        "location": {"latitude": 48.2085, "longitude": 16.3721, "time_zone": "Europe/Vienna"},
    },
    "198.51.100.0/24": {
        "city": {"names": {"en": "Springfield"}},
        "continent": {"code": "NA", "names": {"en": "North America"}},
        "country": {"iso_code": "US", "names": {"en": "United States"}},
        "subdivisions": [{"iso_code": "IL", "names": {"en": "Illinois"}}],
        "location": {"latitude": 39.8, "longitude": -89.6, "metro_code": 648, "time_zone": "America/Chicago"},
    },
    # Nothing but a country is known.
    "203.0.113.0/24": {"country": {"iso_code": "NZ", "names": {"en": "New Zealand"}}},
    "2001:db8::/48": {
        "country": {"iso_code": "JP", "names": {"en": "Japan"}},
        "location": {"latitude": 35.69, "longitude": 139.69},
    },
}


def main() -> None:
    target = pathlib.Path(__file__).resolve().parents[2] / "fixtures/geoip/places.mmdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    writer = MMDBWriter(
        ip_version=6, ipv4_compatible=True, database_type="Accrue-Test-City", languages=["en", "de"],
        description="made-up places for tests")
    for network, place in PLACES.items():
        writer.insert_network(IPSet([network]), place)
    writer.to_db_file(str(target))
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
