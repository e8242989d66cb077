using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// Validates API keys, sent as <c>X-Api-Key: KEY</c> or <c>Authorization: Bearer KEY</c>. All hashes are compared, in constant time, so that
/// timing reveals nothing about a key.
/// </summary>
internal sealed class ApiKeyValidator(IEnumerable<string> keys)
{
    /// <summary>The header for a key.</summary>
    public const string Header = "X-Api-Key";

    private const string Bearer = "Bearer ";

    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    /// <summary>Gets whether a key is required.</summary>
    public bool IsRequired => _hashes.Length > 0;

    /// <summary>Returns whether the request has a valid key, or none is required.</summary>
    public bool IsAuthorized(HttpRequest request)
    {
        if (!IsRequired)
        {
            return true;
        }

        byte[] sent = Hash(GetKey(request));
        bool isValid = false;
        foreach (byte[] hash in _hashes)
        {
            isValid |= CryptographicOperations.FixedTimeEquals(hash, sent);
        }

        return isValid;
    }

    private static string GetKey(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        return request.Headers[Header] is [{ Length: > 0 } key] ? key
            : authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : "";
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
