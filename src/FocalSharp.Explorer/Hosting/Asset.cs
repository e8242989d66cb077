using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>An embedded file.</summary>
/// <param name="Name">The path below <c>wwwroot</c>, for example <c>js/formulas.js</c>.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Content">The bytes.</param>
internal sealed record Asset(string Name, string ContentType, byte[] Content)
{
    /// <summary>Gets the content as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Content);

    /// <summary>Gets the entity tag, a hash of the content.</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"";
}
