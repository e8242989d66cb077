using System.Text.Json.Serialization;

namespace FocalSharp.Runtime.Json;

/// <summary>
/// Writes and reads detections without reflection, in the form that FocalSharp's service answers with (it adds the members <c>model</c> and <c>name</c>, which
/// are skipped when reading). In a web app: <c>options.SerializerOptions.TypeInfoResolverChain.Insert(0, DetectionsJsonContext.Default)</c>; in a client:
/// <c>JsonSerializer.Deserialize(json, DetectionsJsonContext.Default.Detections)</c>.
/// </summary>
[JsonSerializable(typeof(Detections))]
public sealed partial class DetectionsJsonContext : JsonSerializerContext;
