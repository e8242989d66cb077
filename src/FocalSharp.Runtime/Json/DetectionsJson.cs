using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FocalSharp.Runtime.Json;

/// <summary>
/// Writes and reads detections without reflection, in the form that FocalSharp's service answers with (it adds the members <c>model</c> and <c>name</c>, which
/// are skipped when reading).
/// </summary>
public static class DetectionsJson
{
    /// <summary>Gets the resolver for a web app: <c>options.SerializerOptions.TypeInfoResolverChain.Insert(0, DetectionsJson.Resolver)</c>.</summary>
    public static IJsonTypeInfoResolver Resolver => DetectionsContext.Default;

    /// <summary>Gets the metadata for a call: <c>JsonSerializer.Deserialize(json, DetectionsJson.TypeInfo)</c>.</summary>
    public static JsonTypeInfo<Detections> TypeInfo => DetectionsContext.Default.Detections;
}

/// <summary>The generated context. It is internal, because generated members have no nullable annotations.</summary>
[JsonSerializable(typeof(Detections))]
internal sealed partial class DetectionsContext : JsonSerializerContext;
