using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// Lets in who shows a key, as <c>X-Api-Key: KEY</c> or <c>Authorization: Bearer KEY</c>. Hashes of equal length are compared, all of them and in
/// constant time, so that the time tells nothing of a key.
/// </summary>
internal sealed class ApiKeyValidator(IEnumerable<string> keys)
{
    /// <summary>The header of its own.</summary>
    public const string Header = "X-Api-Key";

    private const string Bearer = "Bearer ";

    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    /// <summary>True where keys are asked for at all.</summary>
    public bool IsRequired => _hashes.Length > 0;

    /// <summary>True where the request may pass.</summary>
    public bool IsAuthorized(HttpRequest request)
    {
        if (!IsRequired)
        {
            return true;
        }

        byte[] shown = Hash(GetKey(request));
        bool admitted = false;
        foreach (byte[] hash in _hashes)
        {
            admitted |= CryptographicOperations.FixedTimeEquals(hash, shown);
        }

        return admitted;
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
