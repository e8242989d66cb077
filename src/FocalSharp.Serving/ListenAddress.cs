using System.Net;

namespace FocalSharp.Serving;

/// <summary>Reads an address as a user writes it.</summary>
public static class ListenAddress
{
    /// <summary>The address that a text names.</summary>
    /// <param name="host"><c>localhost</c>, <c>*</c> for every interface, or an IP address.</param>
    /// <exception cref="FocalSharpException">It is none of these.</exception>
    public static IPAddress Parse(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host, out IPAddress? address)
            ? address
            : throw new FocalSharpException(
                $"host {host}: not an address of this machine. Give localhost, an IP address such as 192.168.1.5, or '*' for every network interface."),
    };
}
