using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>A file that the explorer carries within itself.</summary>
/// <param name="Name">Path below <c>wwwroot</c>, such as <c>js/formulas.js</c>.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record Asset(string Name, string ContentType, byte[] Content)
{
    /// <summary>Its bytes as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Content);

    /// <summary>A tag that changes with the content.</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"";
}
