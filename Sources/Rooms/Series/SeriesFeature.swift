import Core

/// Every door to the series.
struct SeriesFeature: Feature {
    let service: SeriesService

    func register(on api: inout API) {
        api.expose(CreateSeries.self, service.create)
        api.expose(ReportSeries.self, service.report)
        api.expose(ListOwnSeries.self, service.listOwn)
        api.expose(ReadSeries.self, service.read)
        api.expose(ChangeSeries.self, service.change)
        api.expose(CancelSeries.self, service.cancel)
    }
}
