using System.Text.Json.Serialization;

namespace FocalSharp.Datasets.Linting;

/// <summary>The report's JSON, generated at build time so that trimming and AOT are safe.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(DatasetReport))]
internal sealed partial class DatasetReportJson : JsonSerializerContext;
