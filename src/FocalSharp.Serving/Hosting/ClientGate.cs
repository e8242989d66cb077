using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Hosting;

/// <summary>Limits how many request bodies of one client are received at a time, so that slow uploads of one do not take the place of others.</summary>
/// <param name="limit">The maximum number for a client; 0 for no limit, for example behind a proxy, which is one client for all.</param>
internal sealed class ClientGate(int limit)
{
    private const int NetworkBytes = 8; // an IPv6 client usually has a whole /64 network

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Enters; disposing the permit leaves.</summary>
    /// <exception cref="ApiException">The client's limit is reached.</exception>
    public IDisposable Enter(IPAddress? client)
    {
        string key = GetKey(client);
        if (_counts.AddOrUpdate(key, 1, (_, count) => count + 1) <= limit || limit == 0)
        {
            return new Permit(this, key);
        }

        Leave(key);
        throw new ApiException(
            StatusCodes.Status429TooManyRequests, "too_many_uploads", $"More than {limit} request bodies of this client are being received. Try again when one is complete.", TimeSpan.FromSeconds(1));
    }

    /// <summary>Returns how many bodies of the client are being received.</summary>
    public int Count(IPAddress? client) => _counts.GetValueOrDefault(GetKey(client));

    private static string GetKey(IPAddress? client) => client switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => client.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(client.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => client.ToString(),
    };

    private void Leave(string key)
    {
        if (_counts.AddOrUpdate(key, 0, (_, count) => count - 1) == 0)
        {
            _counts.TryRemove(new KeyValuePair<string, int>(key, 0));
        }
    }

    private sealed class Permit(ClientGate gate, string key) : IDisposable
    {
        private ClientGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave(key);
    }
}
