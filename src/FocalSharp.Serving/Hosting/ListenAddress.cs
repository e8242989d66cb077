using System.Net;

namespace FocalSharp.Serving.Hosting;

/// <summary>Parses the address that a server listens on.</summary>
internal static class ListenAddress
{
    /// <summary>Parses an address.</summary>
    /// <param name="host"><c>localhost</c>, <c>*</c> for every network interface, or an IP address.</param>
    /// <exception cref="OptionException"><paramref name="host"/> is none of these.</exception>
    public static IPAddress Parse(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host, out IPAddress? address)
            ? address
            : throw new OptionException(
                $"host {host}: not an IP address. Use localhost, an IP address of this machine such as 192.168.1.5, or '*' for every network interface.")
            { OptionName = "host" },
    };
}
