"""The doors for other programs: gateways, services and trackers that call the desk."""
